namespace SessionWeb.Pages.Admin;

/// <summary>Whether somebody can sign in, as a badge says it.</summary>
public sealed record AccountState(string Text, string Kind)
{
    internal static AccountState Of(Accounts.Account account, DateTimeOffset now) =>
        account.IsDisabledAt(now) ? account.DisabledUntil is { } until ? new($"Disabled until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC", "warning") : new("Disabled", "danger")
        : account.LockoutEnd > now ? new("Locked for a while", "warning")
        : new("Enabled", "success");
}
