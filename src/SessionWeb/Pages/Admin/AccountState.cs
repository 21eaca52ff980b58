namespace SessionWeb.Pages.Admin;

/// <summary>Whether a user can sign in to the account, as a badge shows it.</summary>
public sealed record AccountState(string Text, string Kind)
{
    internal static AccountState Of(Data.Account account, DateTimeOffset now)
    {
        if (account.IsDisabledAt(now))
        {
            return account.DisabledUntil is { } until
                ? new($"Disabled until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC", "warning")
                : new("Disabled", "danger");
        }

        return account.LockoutEnd > now ? new("Temporarily locked", "warning") : new("Enabled", "success");
    }
}
