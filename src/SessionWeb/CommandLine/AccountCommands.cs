using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Data;

namespace SessionWeb.CommandLine;

internal sealed class AccountCommands(
    AppDbContext database, NewAccount newAccount, SignInLimit limit, AccountActions actions, PasswordActions passwords, TwoFactorActions twoFactor,
    UserManager<Account> accounts, TimeProvider time)
{
    public static Command Build(IServiceProvider services, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var admin = new Option<bool>("--admin") { Description = "Makes it an administrator." };

        var add = new Command("add", "Adds an account. The password is asked for, or read from standard input.") { name, admin };
        add.Does<AccountCommands>(services, (c, parsed, cancel) => c.AddAsync(terminal, parsed.GetRequiredValue(name), parsed.GetValue(admin), cancel));
        var list = new Command("list", "Lists the accounts.");
        list.Does<AccountCommands>(services, (c, _, cancel) => c.ListAsync(terminal, cancel));
        var disable = new Command("disable", "Closes an account and signs it out everywhere.") { name };
        disable.Does<AccountCommands>(services, (c, parsed, cancel) => c.DisableAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var enable = new Command("enable", "Opens a disabled account again.") { name };
        enable.Does<AccountCommands>(services, (c, parsed, cancel) => c.EnableAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var reset = new Command("reset-password", "Gives an account another password, unlocks it and signs it out everywhere.") { name };
        reset.Does<AccountCommands>(services, (c, parsed, cancel) => c.ResetPasswordAsync(terminal, parsed.GetRequiredValue(name), cancel));
        var secondFactor = new Command("disable-two-factor", "Lets an account sign in without a code again and signs it out everywhere.") { name };
        secondFactor.Does<AccountCommands>(services, (c, parsed, cancel) => c.DisableTwoFactorAsync(terminal, parsed.GetRequiredValue(name), cancel));
        return new Command("accounts", "Who can sign in.") { add, list, disable, enable, reset, secondFactor };
    }

    private async Task AddAsync(Terminal terminal, string userName, bool admin, CancellationToken cancellationToken)
    {
        if (await accounts.FindByNameAsync(userName) is not null)
            throw new CommandException(accounts.ErrorDescriber.DuplicateUserName(userName).Description);
        var password = await PasswordAsync(terminal, userName);
        Check(await newAccount.AddAsync(userName, password, admin ? [Roles.Admin] : [], cancellationToken: cancellationToken));
        await terminal.Out.WriteLineAsync(admin ? $"Added {userName} as an administrator." : $"Added {userName}.");
    }

    private async Task ListAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var admins = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        var all = await database.Users.AsNoTracking().OrderBy(a => a.NormalizedUserName)
            .Select(a => new { Account = a, IsAdmin = admins.Contains(a.Id) }).ToListAsync(cancellationToken);
        var admitted = await limit.Admitted().Select(a => a.Id).ToHashSetAsync(cancellationToken);
        await terminal.WriteTableAsync([
            ["NAME", "ROLE", "STATE", "LAST SIGN-IN"],
            .. all.Select(a => new[]
            {
                a.Account.UserName!,
                a.IsAdmin ? Roles.Admin : "-",
                !a.Account.IsDisabledAt(now) ? admitted.Contains(a.Account.Id) ? "enabled" : "demo password" : a.Account.DisabledUntil is { } until ? $"disabled until {until:u}" : "disabled",
                a.Account.LastSignInAt?.ToString("u") ?? "never",
            }),
        ]);
    }

    private async Task DisableAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        try
        {
            var ended = await actions.DisableAsync(account.Id, CommandLine.Actor, cancellationToken: cancellationToken);
            await terminal.Out.WriteLineAsync($"Disabled {account.UserName}{RevocationNotice.WithCount(ended)}");
        }
        catch (LastAdministratorException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private async Task EnableAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var enabled = await actions.EnableAsync(account.Id, cancellationToken);
        await terminal.Out.WriteLineAsync($"Enabled {account.UserName}.{RevocationNotice.Of(enabled)}");
    }

    private async Task ResetPasswordAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        var password = await PasswordAsync(terminal, account.UserName!);
        var reset = await passwords.ResetAsync(account.Id, password, CommandLine.Actor, cancellationToken: cancellationToken);
        Check(reset.Result);
        await terminal.Out.WriteLineAsync($"{account.UserName} has a new password{RevocationNotice.WithCount(reset.Sessions)}");
    }

    private async Task DisableTwoFactorAsync(Terminal terminal, string userName, CancellationToken cancellationToken)
    {
        var account = await FindAsync(userName);
        await terminal.Out.WriteLineAsync(await twoFactor.DisableForAsync(account.Id, CommandLine.Actor, cancellationToken) is { } ended
            ? $"{account.UserName} signs in without a code now{RevocationNotice.WithCount(ended)}"
            : $"Two-factor sign-in of {account.UserName} was off already.");
    }

    public async Task<Account> FindAsync(string userName) =>
        await accounts.FindByNameAsync(userName) ?? throw new CommandException($"There is no account named '{userName}'.");

    private static async Task<string> PasswordAsync(Terminal terminal, string userName) =>
        await terminal.ReadNewPasswordAsync(userName)
        ?? throw new CommandException(terminal.IsInteractive ? "The two passwords differ." : "There is no password on standard input.");

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new CommandException(result.Errors.First().Description);
    }
}
