using System.Diagnostics;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs an action once under a fault and checks which sessions each node accepts afterwards.</summary>
internal sealed class ActionCheck(AppFarm farm, CheckReport report, AppAction action, string circumstances)
{
    /// <param name="injectorFor">Creates the fault for the account.</param>
    /// <param name="watchDuration">How long nodes receive requests after the answer.</param>
    /// <param name="recoverAsync">Ends the fault after the action is answered.</param>
    public async Task<ActionReply> RunAsync(
        Func<TestAccount, FaultInjector> injectorFor, TimeSpan watchDuration, Func<FaultInjector, Task> recoverAsync)
    {
        var account = await farm.NewAccountAsync();
        await action.PrepareAsync(farm, account);
        await farm.CacheSessionsAsync(account);
        var expectations = new ActionExpectations(farm, action, account);
        var title = $"{action.Name}, {circumstances}, {account.Name}";

        var faults = injectorFor(account);
        var watching = WatchAsync(expectations, faults.Answered, watchDuration);
        var reply = await PerformAsync(account, faults);
        IReadOnlyList<string> newSessions =
            reply.Outcome == RevocationOutcome.Unknown ? [] : await NewSessionsAsync(account);
        await recoverAsync(faults);
        var accepted = await watching;
        if (reply.Outcome == RevocationOutcome.Acknowledged)
        {
            foreach (var description in accepted.Distinct())
                report.RecordViolation($"{title}: {description} after the answer \"{reply.Text}\"");
        }

        await new FinalStateCheck(report, action, expectations, title, reply, newSessions).RunAsync();
        return reply;
    }

    private async Task<ActionReply> PerformAsync(TestAccount account, FaultInjector faults)
    {
        try
        {
            return await action.PerformAsync(farm, farm.A, account, faults);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or TaskCanceledException or IOException or TimeoutException)
        {
            return new(RevocationOutcome.Unknown, failure.Message);
        }
        finally
        {
            faults.OnAnswered();
        }
    }

    /// <summary>The renewed session and the session of a new sign-in, as far as the action allows them.</summary>
    private async Task<IReadOnlyList<string>> NewSessionsAsync(TestAccount account)
    {
        var sessions = new List<string>();
        if (action.RenewsCurrentSession)
            sessions.Add(account.Browser.Session);
        if (action.AllowsSignIn)
        {
            var browser = farm.NewBrowser();
            await Wait.UntilAsync(async () =>
            {
                await browser.SignInAsync(farm.B, account.Name, account.Password);
                return true;
            }, $"{account.Name} signs in again");
            sessions.Add(browser.Session);
        }
        return sessions;
    }

    /// <summary>Sends requests to every node without a pause, from the answer on.</summary>
    /// <returns>The requests that were accepted though the action was in effect.</returns>
    private async Task<IReadOnlyList<string>> WatchAsync(
        ActionExpectations expectations, Task answered, TimeSpan duration)
    {
        await answered;
        var started = Stopwatch.GetTimestamp();
        var watches = from node in farm.Nodes
                      from session in expectations.AffectedOrRenewed
                      select WatchSessionAsync(node, session);
        return [.. (await Task.WhenAll(watches)).SelectMany(accepted => accepted)];

        async Task<IReadOnlyList<string>> WatchSessionAsync(AppNode node, string session)
        {
            var accepted = new List<string>();
            do
            {
                var check = await expectations.CheckAsync(node, session);
                if (check.Outcome == RequestOutcome.Accepted && !expectations.IsInEffect(check))
                    accepted.Add($"node {node.Name} accepted {expectations.NameOf(session)}");
            }
            while (Stopwatch.GetElapsedTime(started) < duration);
            return accepted;
        }
    }
}
