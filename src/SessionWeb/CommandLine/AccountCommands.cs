using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;

namespace SessionWeb.CommandLine;

/// <summary>The commands <c>accounts …</c>.</summary>
internal sealed class AccountCommands(
    AppDbContext database, NewAccount newAccount, SignInLimit limit, AccountActions actions,
    CredentialActions credentials, UserManager<Account> accounts, TimeProvider time)
{
    public static Command Build(IServiceProvider services, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var admin = new Option<bool>("--admin") { Description = "Makes the account an administrator." };

        var add = new Command(
            "add", "Adds an account. Prompts for the password, or reads it from standard input.") { name, admin };
        add.SetAction<AccountCommands>(services, (commands, parsed, cancel) =>
            commands.AddAsync(terminal, parsed.GetRequiredValue(name), parsed.GetValue(admin), cancel));
        var list = new Command("list", "Lists the accounts.");
        list.SetAction<AccountCommands>(services, (commands, _, cancel) => commands.ListAsync(terminal, cancel));
        var disable = new Command("disable", "Disables an account and signs it out everywhere.") { name };
        disable.SetAction<AccountCommands>(services, (commands, parsed, cancel) =>
            commands.DisableAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var enable = new Command("enable", "Enables a disabled account.") { name };
        enable.SetAction<AccountCommands>(services, (commands, parsed, cancel) =>
            commands.EnableAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var reset = new Command(
            "reset-password", "Sets a new password, unlocks the account and signs it out everywhere.") { name };
        reset.SetAction<AccountCommands>(services, (commands, parsed, cancel) =>
            commands.ResetPasswordAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var twoFactor = new Command(
            "disable-two-factor", "Disables two-factor sign-in of an account and signs it out everywhere.") { name };
        twoFactor.SetAction<AccountCommands>(services, (commands, parsed, cancel) =>
            commands.DisableTwoFactorAsync(terminal, parsed.GetRequiredValue(name), cancel));
        return new Command("accounts", "Manages accounts.") { add, list, disable, enable, reset, twoFactor };
    }

    private async Task AddAsync(Terminal terminal, string userName, bool admin, CancellationToken cancellationToken)
    {
        if (await accounts.FindByNameAsync(userName) is not null)
            throw new CommandException(accounts.ErrorDescriber.DuplicateUserName(userName).Description);
        var password = await PasswordAsync(terminal, userName);
        ThrowIfFailed(await newAccount.AddAsync(
            userName, password, admin ? [Roles.Admin] : [], cancellationToken: cancellationToken));
        await terminal.Out.WriteLineAsync(admin ? $"Added {userName} as an administrator." : $"Added {userName}.");
    }

    private async Task ListAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var admins = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        var all = await database.Users.AsNoTracking().OrderBy(a => a.NormalizedUserName)
            .Select(a => new { Account = a, IsAdmin = admins.Contains(a.Id) }).ToListAsync(cancellationToken);
        var allowed = await limit.Allowed().Select(a => a.Id).ToHashSetAsync(cancellationToken);
        await terminal.WriteTableAsync([
            ["NAME", "ROLE", "STATE", "LAST SIGN-IN"],
            .. all.Select(a => new[]
            {
                a.Account.UserName!,
                a.IsAdmin ? Roles.Admin : "-",
                StateOf(a.Account, allowed.Contains(a.Account.Id), now),
                a.Account.LastSignInAt?.ToString("u") ?? "never",
            }),
        ]);
    }

    private static string StateOf(Account account, bool isAllowed, DateTimeOffset now) => account switch
    {
        _ when !account.IsDisabledAt(now) => isAllowed ? "enabled" : "demo password",
        { DisabledUntil: { } until } => $"disabled until {until:u}",
        _ => "disabled",
    };

    private async Task DisableAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var disabled = await actions.DisableAsync(
            account.Id, AuditLog.CommandLineActor, cancellationToken: cancellationToken);
        ThrowIfFailed(disabled.Result);
        await terminal.Out.WriteLineAsync($"Disabled {account.UserName}{RevocationText.WithCount(disabled.Sessions)}");
    }

    private async Task EnableAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var enabled = await actions.EnableAsync(account.Id, cancellationToken);
        ThrowIfFailed(enabled.Result);
        await terminal.Out.WriteLineAsync($"Enabled {account.UserName}.{RevocationText.Appended(enabled.Sessions)}");
    }

    private async Task ResetPasswordAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var password = await PasswordAsync(terminal, account.UserName!);
        var reset = await credentials.ResetPasswordAsync(
            account.Id, password, AuditLog.CommandLineActor, cancellationToken: cancellationToken);
        ThrowIfFailed(reset.Result);
        await terminal.Out.WriteLineAsync(
            $"{account.UserName} has a new password{RevocationText.WithCount(reset.Sessions)}");
    }

    private async Task DisableTwoFactorAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var result = await credentials.DisableTwoFactorAsync(account.Id, AuditLog.CommandLineActor, cancellationToken);
        await terminal.Out.WriteLineAsync(result is { } ended
            ? $"{account.UserName} now signs in without a code{RevocationText.WithCount(ended)}"
            : $"Two-factor sign-in of {account.UserName} was already disabled.");
    }

    public async Task<Account> FindAsync(string userName) =>
        await accounts.FindByNameAsync(userName)
        ?? throw new CommandException($"There is no account named '{userName}'.");

    private static async Task<string> PasswordAsync(Terminal terminal, string userName) =>
        await terminal.ReadNewPasswordAsync(userName)
        ?? throw new CommandException(
            terminal.IsInteractive ? "The two passwords differ." : "There is no password on standard input.");

    private static void ThrowIfFailed(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new CommandException(result.Errors.First().Description);
    }
}
