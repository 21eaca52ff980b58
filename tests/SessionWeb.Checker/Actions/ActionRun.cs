using System.Diagnostics;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs an action once under an interference, and judges what every node accepts afterwards.</summary>
internal sealed class ActionRun(AppScene scene, Verdicts verdicts, AppAction action, string circumstances)
{
    // A revocation that is recorded and not in effect is retried after the longest lease and a second.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private Subject _subject = null!;
    private string? _state;
    private long _revocations;

    /// <param name="interference">Made for the account.</param>
    /// <param name="watch">For how long requests are made after the answer.</param>
    /// <param name="recoverAsync">Ends the fault, after the action was answered.</param>
    public async Task<Said> RunAsync(
        Func<Subject, Interference> interference, TimeSpan watch, Func<Interference, Task> recoverAsync)
    {
        _subject = await scene.NewSubjectAsync();
        await action.PrepareAsync(scene, _subject);
        await scene.KnowAsync(_subject);
        _state = scene.Accounts.StateOf(_subject.Id);
        _revocations = scene.Accounts.RevocationsOf(_subject.AccountTag);

        var interfering = interference(_subject);
        var watching = WatchAsync(interfering.Answered, watch);
        var said = await PerformAsync(interfering);
        var renewed = action.RenewsOwn && said.Outcome != Outcome.Unknown ? _subject.Own.Session : null;
        var fresh = said.Outcome != Outcome.Unknown && action.AllowsSignIn ? await SignInAgainAsync() : null;
        await recoverAsync(interfering);
        if (said.Outcome == Outcome.Acknowledged)
            foreach (var seen in (await watching).Distinct())
                verdicts.Violation($"{Where}: {seen} after the answer \"{said.Text}\"");
        await SettleAsync(said, [.. new[] { renewed, fresh }.OfType<string>()]);
        return said;
    }

    private string Where => $"{action.Name}, {circumstances}, {_subject.Name}";

    private async Task<Said> PerformAsync(Interference interference)
    {
        try
        {
            return await action.PerformAsync(scene, scene.A, _subject, interference);
        }
        catch (Exception failure) when (
            failure is HttpRequestException or TaskCanceledException or IOException or TimeoutException)
        {
            return new(Outcome.Unknown, failure.Message);
        }
        finally
        {
            interference.End();
        }
    }

    /// <summary>Asks every node without a pause, from the answer on, and notes what it should not accept.</summary>
    private async Task<IReadOnlyList<string>> WatchAsync(Task answered, TimeSpan length)
    {
        await answered;
        var until = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var asking = from node in scene.Nodes from session in Ending() select AskAsync(node, session);
        return [.. (await Task.WhenAll(asking)).SelectMany(seen => seen)];

        async Task<IReadOnlyList<string>> AskAsync(AppNode node, string session)
        {
            var seen = new List<string>();
            do
            {
                var sight = await LookAsync(node, session);
                if (sight.Answer == Answer.Accepted && !IsInEffect(sight))
                    seen.Add($"node {node.Name} accepted {NameOf(session)}");
            }
            while (Stopwatch.GetTimestamp() < until);
            return seen;
        }
    }

    /// <returns>The session's cookie, as soon as the fault allows a sign-in.</returns>
    private async Task<string> SignInAgainAsync()
    {
        var browser = scene.NewBrowser();
        await Wait.ForAsync(async () =>
        {
            await browser.SignInAsync(scene.B, _subject.Name, _subject.Password);
            return true;
        }, $"{_subject.Name} signs in again");
        return browser.Session;
    }

    /// <summary>Either nothing has happened, or everything that the action means is in effect on every node.</summary>
    private async Task SettleAsync(Said said, IReadOnlyList<string> began)
    {
        var since = Stopwatch.GetTimestamp();
        // A retry that comes too late must not end the new sessions either.
        var atLeast = said.Outcome == Outcome.Pending && began.Count > 0 ? TimeSpan.FromSeconds(5) : TimeSpan.Zero;
        var ended = new HashSet<string>();
        while (true)
        {
            var isCertain = said.Outcome != Outcome.Unknown || IsRecorded();
            var concerned = await LookAsync(Concerned());
            var others = await LookAsync([.. Others(said), .. began]);
            foreach (var (node, session, _) in others.Where(look => look.Sight.Answer == Answer.Refused))
                if (ended.Add(session))
                    verdicts.EndedWithoutReason($"{Where}: node {node.Name} refuses {NameOf(session)}");
            var inEffect = concerned.All(look => IsInEffect(look.Sight));
            var untouched = concerned.All(look => look.Sight.Answer == Answer.Accepted && !IsInEffect(look.Sight));
            var settled = (inEffect || untouched && !isCertain)
                && others.All(look => look.Sight.Answer != Answer.Unavailable);
            if (settled && inEffect && !isCertain && action.IsRecorded && concerned.Count > 0)
                verdicts.EndedWithoutReason($"{Where}: the sessions ended, but the database knows of no change");
            if (settled && Stopwatch.GetElapsedTime(since) >= atLeast)
                return;
            if (Stopwatch.GetElapsedTime(since) > Settling)
            {
                var wrong = concerned.Where(look => !IsInEffect(look.Sight))
                    .Concat(others.Where(look => look.Sight.Answer == Answer.Unavailable))
                    .Select(look => $"{NameOf(look.Session)} is {look.Sight.Answer} at node {look.Node.Name}");
                verdicts.NeverTookEffect(
                    $"{Where}: {(isCertain ? "answered or recorded" : "in part in effect")} ({said.Outcome}), "
                    + $"but {Settling.TotalSeconds} s later {string.Join(", ", wrong)}");
                return;
            }
            await Task.Delay(50);
        }
    }

    private IReadOnlyList<string> Concerned() => _subject.Sessions.Count == 0 ? [] : [.. action.Concerns(_subject)];

    // An acknowledged renewal ends the former own session, too.
    private IReadOnlyList<string> Ending() => action.RenewsOwn ? [.. Concerned(), _subject.OwnSession] : Concerned();

    private IEnumerable<string> Others(Said said)
    {
        var mayOwnEnd = action.RenewsOwn && (said.Outcome != Outcome.Unknown || IsRecorded());
        return _subject.Sessions.Except(mayOwnEnd ? [.. Concerned(), _subject.OwnSession] : Concerned());
    }

    private bool IsRecorded() =>
        scene.Accounts.StateOf(_subject.Id) != _state
        || scene.Accounts.RevocationsOf(_subject.AccountTag) > _revocations;

    private bool IsInEffect(Sight sight) => action.ShowsChange is { } shows
        ? sight.Answer == Answer.Accepted && shows(_subject, sight)
        : sight.Answer == Answer.Refused;

    private Task<Sight> LookAsync(AppNode node, string session) =>
        node.LookAsync(session, asAdmin: action.ShowsChange is not null);

    private async Task<IReadOnlyList<Look>> LookAsync(IReadOnlyList<string> sessions) =>
        await Task.WhenAll(
            from node in scene.Nodes
            from session in sessions
            select Task.Run(async () => new Look(node, session, await LookAsync(node, session))));

    private string NameOf(string session) =>
        _subject.Sessions.ToList().IndexOf(session) is var index and >= 0 ? $"session {index + 1}" : "the new session";

    private sealed record Look(AppNode Node, string Session, Sight Sight);
}
