using System.Diagnostics;
using NodeCheck = SessionWeb.Checker.Actions.ActionExpectations.NodeCheck;

namespace SessionWeb.Checker.Actions;

/// <summary>Checks that finally an action has no effect at all, or its full effect on every node.</summary>
internal sealed class FinalStateCheck(
    CheckReport report, AppAction action, ActionExpectations expectations, string title, ActionReply reply,
    IReadOnlyList<string> newSessions)
{
    // A revocation that is recorded and not applied is retried after the longest lease and a second.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    // A late retry of a pending revocation must not end new sessions.
    private static readonly TimeSpan LateRetry = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _reported = [];
    private IReadOnlyList<NodeCheck> _affected = [];
    private IReadOnlyList<NodeCheck> _unaffected = [];

    public async Task RunAsync()
    {
        var minTime = reply.Outcome == RevocationOutcome.Pending && newSessions.Count > 0 ? LateRetry : TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        if (await Wait.IsTrueWithinAsync(
            Timeout, async () => await IsFinalAsync() && Stopwatch.GetElapsedTime(started) >= minTime))
        {
            return;
        }

        var differences = _affected.Where(check => !expectations.IsInEffect(check.Result))
            .Concat(_unaffected.Where(IsUnavailable))
            .Select(check =>
                $"{expectations.NameOf(check.Session)} is {check.Result.Outcome} at node {check.Node.Name}");
        var state = expectations.IsCertain(reply) ? "answered or recorded" : "partly applied";
        report.RecordNotApplied(
            $"{title}: {state} ({reply.Outcome}), but {Timeout.TotalSeconds} s later {string.Join(", ", differences)}");
    }

    private async Task<bool> IsFinalAsync()
    {
        var isCertain = expectations.IsCertain(reply);
        _affected = await expectations.CheckAsync(expectations.Affected);
        _unaffected = await expectations.CheckAsync([.. expectations.UnaffectedAfter(reply), .. newSessions]);
        foreach (var (node, session, _) in _unaffected.Where(check => check.Result.Outcome == RequestOutcome.Rejected))
        {
            if (_reported.Add(session))
                report.RecordEndedWithoutReason($"{title}: node {node.Name} rejects {expectations.NameOf(session)}");
        }

        var isInEffect = _affected.All(check => expectations.IsInEffect(check.Result));
        var isUnchanged = _affected.All(check =>
            check.Result.Outcome == RequestOutcome.Accepted && !expectations.IsInEffect(check.Result));
        if (_unaffected.Any(IsUnavailable) || !isInEffect && (isCertain || !isUnchanged))
            return false;
        if (isInEffect && !isCertain && action.ChangesDatabase && _affected.Count > 0)
            report.RecordEndedWithoutReason($"{title}: the sessions ended, but the database contains no change");
        return true;
    }

    private static bool IsUnavailable(NodeCheck check) => check.Result.Outcome == RequestOutcome.Unavailable;
}
