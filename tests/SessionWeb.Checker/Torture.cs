using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>Requests and revocations at random on three nodes, under faults at random: nothing that was acknowledged may fail to hold.</summary>
internal static class Torture
{
    private const int LiveSessions = 90;
    private const int Askers = 12;
    private const int Revokers = 24;

    public static async Task<bool> RunAsync(TimeSpan length)
    {
        using var scene = await Scene.StartAsync(3, leaseMs: 1000, timeoutMs: 750, dawdleMs: 10);
        await scene.SignInAsync();
        var history = new History();
        var live = new ConcurrentDictionary<TrackedSession, bool>();
        var ended = new ConcurrentQueue<TrackedSession>();
        void Lose(Func<TrackedSession, bool> isLost)
        {
            foreach (var session in live.Keys.Where(isLost))
            {
                session.IsLost = true;
                live.TryRemove(session, out _);
            }
        }

        var faults = new Faults(scene, Lose);
        using var over = new CancellationTokenSource(length);
        var report = ReportAsync();
        await Task.WhenAll(
            [
                faults.RunAsync(over.Token), report, .. Many(3, SignInAsync), .. Many(Askers, AskAsync), .. Many(Revokers, RevokeAsync),
            ]);
        await AllTookEffectAsync(scene, ended, history);
        history.Print();
        // Who waits for leases without need is nearly as slow as they are long.
        var prompt = history.IsPromptWhereNothingFails(scene.Lease * 0.8);
        if (!prompt)
            Console.WriteLine("WRONG: revocations wait for leases where nothing fails");
        var good = prompt && history is { Violations: 0, FalseSignOuts: 0, Requests: > 0, Revocations: > 0 };
        Console.WriteLine(good ? "torture: ok" : "torture: FAILED");
        return good;

        IEnumerable<Task> Many(int count, Func<Random, Task> act) => Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
        {
            var random = new Random();
            while (!over.IsCancellationRequested)
                await act(random);
        }));

        async Task SignInAsync(Random random)
        {
            if (live.Count >= LiveSessions)
            {
                await Task.Delay(5);
                return;
            }
            try
            {
                var (name, began) = ($"person-{Guid.NewGuid():N}", Stopwatch.GetTimestamp());
                if (await scene.Nodes[random.Next(scene.Nodes.Count)].SignInAsync(name) is not { } cookie)
                    return;
                var session = new TrackedSession(name, cookie, Stopwatch.GetTimestamp());
                live[session] = true;
                // Redis may have forgotten it before it was known here.
                if (began < faults.LatestLoss)
                    Lose(one => one == session);
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
            {
            }
        }

        async Task AskAsync(Random random)
        {
            var old = random.Next(4) == 0 ? ended.ToArray() : [];
            var session = old.Length > 0 ? old[^random.Next(1, Math.Min(old.Length, 50) + 1)] : live.Keys.ElementAtOrDefault(random.Next(LiveSessions));
            if (session is null)
                await Task.Delay(5);
            else
                await history.AskAsync(session, scene.Nodes[random.Next(scene.Nodes.Count)]);
        }

        async Task RevokeAsync(Random random)
        {
            await Task.Delay(random.Next(200));
            if (live.Keys.ElementAtOrDefault(random.Next(LiveSessions)) is not { } session || !live.TryRemove(session, out _))
                return;
            var node = scene.Nodes[random.Next(scene.Nodes.Count)];
            var fault = faults.Current;
            session.IsInvoked = true;
            ended.Enqueue(session);
            var started = Stopwatch.GetTimestamp();
            switch (await node.EndAsync(session.Name))
            {
                case Outcome.Acknowledged:
                    history.Acknowledged(fault, Stopwatch.GetElapsedTime(started));
                    session.IsAcknowledged = true;
                    break;
                case Outcome.Pending:
                    history.Pending();
                    session.IsPending = true;
                    break;
                default:
                    history.Unknown();
                    break;
            }
        }

        async Task ReportAsync()
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(15), over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                Console.WriteLine($"… {history.Requests} requests, {history.Revocations} revocations, {history.Violations} violations, {history.FalseSignOuts} false sign-outs");
            }
        }
    }

    // What is pending is written down: once nothing fails any more, it is carried out.
    private static async Task AllTookEffectAsync(Scene scene, ConcurrentQueue<TrackedSession> ended, History history)
    {
        await scene.HealAsync();
        var until = Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency);
        foreach (var session in ended.Where(session => session.IsPending))
            foreach (var node in scene.Nodes)
            {
                Answer answer;
                while ((answer = await node.AskAsync(session.Cookie)) != Answer.Refused && Stopwatch.GetTimestamp() < until)
                    await Task.Delay(100);
                if (answer != Answer.Refused)
                    history.NeverTookEffect(session, node);
            }
        foreach (var session in ended.Where(session => session.IsAcknowledged))
            foreach (var node in scene.Nodes)
                await history.AskAsync(session, node);
    }
}
