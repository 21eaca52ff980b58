using System.CommandLine;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.CommandLine;

/// <summary>The commands <c>sessions …</c>.</summary>
internal sealed class SessionCommands(
    ISessionStore sessions, AccountCommands accounts, AccountActions actions, SessionRevoker revoker)
{
    private const int PageSize = 500;

    public static Command Build(IServiceProvider services, Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "The user name.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All accounts." };

        var list = new Command("list", "Lists live sessions.") { name };
        list.SetAction<SessionCommands>(
            services, (commands, parsed, cancel) => commands.ListAsync(terminal, parsed.GetValue(name), cancel));
        var revoke = new Command("revoke", "Ends all sessions of an account or of all accounts.") { name, all };
        revoke.Validators.Add(result =>
        {
            if (result.GetValue(name) is null != result.GetValue(all))
                result.AddError("Give either a NAME or --all.");
        });
        revoke.SetAction<SessionCommands>(
            services, (commands, parsed, cancel) => commands.RevokeAsync(terminal, parsed.GetValue(name), cancel));
        return new Command("sessions", "Manages sessions.") { list, revoke };
    }

    private async Task ListAsync(Terminal terminal, string? userName, CancellationToken cancellationToken)
    {
        var listed = userName is null
            ? await ListAllAsync(cancellationToken)
            : await sessions.ListAsync([AccountTag.For((await accounts.FindAsync(userName)).Id)], cancellationToken);
        await terminal.WriteTableAsync([
            ["SESSION", "NAME", "DEVICE", "ADDRESS", "SIGNED IN", "LAST SEEN"],
            .. listed.Select(s => new[]
            {
                s.Handle, s.AccountName, s.Device, s.IpAddress, s.SignedInAt.ToString("u"), s.LastSeenAt.ToString("u"),
            }),
        ]);
    }

    private async Task<List<Session>> ListAllAsync(CancellationToken cancellationToken)
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
            var all = await revoker.EndAllAsync(new(SessionEndReasons.RevokedByAdmin, AuditLog.CommandLineActor));
            var sentence = all.Pending ? "Everyone will be signed out" : "Everyone is signed out";
            await terminal.Out.WriteLineAsync($"{sentence}{RevocationText.WithCount(all)}");
            return;
        }
        var account = await accounts.FindAsync(userName);
        var ended = await actions.SignOutEverywhereAsync(
            account.Id, AuditLog.CommandLineActor, cancellationToken: cancellationToken)
            ?? throw new CommandException($"There is no account named '{userName}'.");
        var verb = ended.Pending ? "will be" : "is";
        await terminal.Out.WriteLineAsync(
            $"{account.UserName} {verb} signed out everywhere{RevocationText.WithCount(ended)}");
    }
}
