using System.CommandLine;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.CommandLine;

internal sealed class SessionCommands(ISessionStore sessions, AccountCommands accounts, AccountActions actions, Revocations revocations)
{
    private const int PageSize = 500;

    public static Command Build(IServiceProvider services, Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "The user name.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Everyone." };

        var list = new Command("list", "Lists who is signed in.") { name };
        list.Does<SessionCommands>(services, (c, parsed, cancel) => c.ListAsync(terminal, parsed.GetValue(name), cancel));
        var revoke = new Command("revoke", "Signs an account, or everyone, out everywhere.") { name, all };
        revoke.Validators.Add(result =>
        {
            if (result.GetValue(name) is null != result.GetValue(all))
                result.AddError("Give either a NAME or --all.");
        });
        revoke.Does<SessionCommands>(services, (c, parsed, cancel) => c.RevokeAsync(terminal, parsed.GetValue(name), cancel));
        return new Command("sessions", "Who is signed in.") { list, revoke };
    }

    private async Task ListAsync(Terminal terminal, string? userName, CancellationToken cancellationToken)
    {
        var listed = userName is null
            ? await EveryoneAsync(cancellationToken)
            : await sessions.ListAsync([AccountTag.For((await accounts.FindAsync(userName)).Id)], cancellationToken);
        await terminal.WriteTableAsync([
            ["SESSION", "NAME", "DEVICE", "ADDRESS", "SIGNED IN", "LAST SEEN"],
            .. listed.Select(s => new[] { s.Handle, s.AccountName, s.Device, s.IpAddress, s.SignedInAt.ToString("u"), s.LastSeenAt.ToString("u") }),
        ]);
    }

    private async Task<List<Session>> EveryoneAsync(CancellationToken cancellationToken)
    {
        var all = new List<Session>();
        SessionPage page;
        do
            all.AddRange((page = await sessions.ListRecentAsync(all.Count, PageSize, cancellationToken)).Sessions);
        while (page.HasNext && page.Sessions.Count > 0);
        return all;
    }

    private async Task RevokeAsync(Terminal terminal, string? userName, CancellationToken cancellationToken)
    {
        if (userName is null)
        {
            var all = await revocations.EndEveryoneAsync(new(SessionEndReasons.RevokedByAdmin, CommandLine.Actor));
            await terminal.Out.WriteLineAsync($"{(all.Pending ? "Everyone will be signed out" : "Everyone is signed out")}{RevocationNotice.WithCount(all)}");
            return;
        }
        var account = await accounts.FindAsync(userName);
        var ended = await actions.SignOutEverywhereAsync(account.Id, CommandLine.Actor, cancellationToken: cancellationToken)
            ?? throw new CommandException($"There is no account named '{userName}'.");
        await terminal.Out.WriteLineAsync($"{account.UserName} {(ended.Pending ? "will be" : "is")} signed out everywhere{RevocationNotice.WithCount(ended)}");
    }
}
