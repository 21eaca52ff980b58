using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Which of the account's sessions an action ends or changes. Created immediately before the action.</summary>
internal sealed class ActionExpectations(AppFarm farm, AppAction action, TestAccount account)
{
    private readonly string? _stateBefore = farm.Database.StateOf(account.Id);
    private readonly long _revocationsBefore = farm.Database.CountRevocations(account.AccountTag);

    /// <summary>The sessions that the action ends, or whose claims it changes.</summary>
    public IReadOnlyList<string> Affected => account.Sessions.Count == 0 ? [] : [.. action.AffectedSessions(account)];

    /// <summary>The session cookies on which an acknowledged action must have taken effect.</summary>
    public IReadOnlyList<string> AffectedOrRenewed =>
        action.RenewsCurrentSession ? [.. Affected, account.CurrentSession] : Affected;

    /// <summary>The session cookies that must stay valid.</summary>
    public IReadOnlyList<string> UnaffectedAfter(ActionReply reply) =>
        [.. account.Sessions.Except(IsCertain(reply) ? AffectedOrRenewed : Affected)];

    /// <summary>Whether the action must take effect: the reply reports it, or the database contains it.</summary>
    public bool IsCertain(ActionReply reply) =>
        reply.Outcome != RevocationOutcome.Unknown
        || farm.Database.StateOf(account.Id) != _stateBefore
        || farm.Database.CountRevocations(account.AccountTag) > _revocationsBefore;

    /// <summary>Whether the session has ended or has the changed claims.</summary>
    public bool IsInEffect(SessionCheck check) => action.HasNewClaims is { } hasNewClaims
        ? check.Outcome == RequestOutcome.Accepted && hasNewClaims(account, check)
        : check.Outcome == RequestOutcome.Rejected;

    public Task<SessionCheck> CheckAsync(AppNode node, string session) =>
        node.CheckSessionAsync(session, asAdmin: action.HasNewClaims is not null);

    /// <summary>Checks each session at each node.</summary>
    public async Task<IReadOnlyList<NodeCheck>> CheckAsync(IReadOnlyList<string> sessions) => await Task.WhenAll(
        from node in farm.Nodes
        from session in sessions
        select Task.Run(async () => new NodeCheck(node, session, await CheckAsync(node, session))));

    public string NameOf(string session) =>
        account.Sessions.ToList().IndexOf(session) is var index and >= 0 ? $"session {index + 1}" : "the new session";

    internal sealed record NodeCheck(AppNode Node, string Session, SessionCheck Result);
}
