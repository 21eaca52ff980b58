using System.Collections.Concurrent;
using System.Diagnostics;
using SessionWeb.Checker.Faults;
using SessionWeb.Checker.Patching;

namespace SessionWeb.Checker;

/// <summary>Random requests, revocations and sign-ins on three nodes, under one fault after the other.</summary>
internal sealed class Torture
{
    private const int LiveSessions = 90;
    private const int Askers = 12;
    private const int Revokers = 24;
    private const int DelayMs = 10;

    private readonly Verdicts _verdicts = new();
    private readonly ConcurrentDictionary<string, long> _generations = new();
    private readonly ConcurrentDictionary<TrackedSession, bool> _live = new();
    private readonly ConcurrentQueue<TrackedSession> _ended = new();
    private readonly Scene _scene;
    private readonly History _history;
    private readonly Losses _losses;
    private readonly FaultSchedule _faults;

    private Torture(Scene scene)
    {
        (_scene, _history, _losses) = (scene, new(_verdicts), new(Lose));
        var random = new Random();
        var nodeFaults = new NodeFaults(scene, random);
        var redisFaults = new RedisFaults(scene, nodeFaults, _losses, _verdicts, random)
        {
            AnySession = () => AnyLive(random), TakeSession = () => TakeLost(random),
        };
        _faults = new(scene, nodeFaults, redisFaults, _verdicts, random);
    }

    public static async Task<bool> RunAsync(TimeSpan length)
    {
        using var libraries = new PatchedLibraries();
        using var program = NodeProgram.WithLibrary(await libraries.BuildAsync([PatchedLibraries.Delays]), DelayMs);
        using var scene = await Scene.StartAsync(3, leaseMs: 1000, timeoutMs: 750, program);
        await scene.AddProbeAsync();
        return await new Torture(scene).RunForAsync(length);
    }

    private async Task<bool> RunForAsync(TimeSpan length)
    {
        using var over = new CancellationTokenSource(length);
        await Task.WhenAll(
            [
                _faults.RunAsync(over.Token), ReportAsync(over.Token),
                .. Many(3, FillAsync), .. Many(Askers, AskAsync), .. Many(Revokers, RevokeAsync),
            ]);
        await AllTookEffectAsync();
        _history.Print();
        // Revocations that wait for leases without need are nearly as slow as they are long.
        var prompt = _history.IsPromptWhereNothingFails(_scene.Lease * 0.8);
        if (!prompt)
            Console.WriteLine("WRONG: revocations wait for leases where nothing fails");
        var good = prompt && _verdicts.AreGood && _history is { Requests: > 0, Revocations: > 0 };
        Console.WriteLine(good ? "torture: ok" : "torture: FAILED");
        return good;

        IEnumerable<Task> Many(int count, Func<Random, Task> act) =>
            Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
            {
                var random = new Random();
                while (!over.IsCancellationRequested)
                    await act(random);
            }));
    }

    private void Lose(Func<TrackedSession, bool> isLost)
    {
        foreach (var session in _live.Keys.Where(isLost))
        {
            session.IsLost = true;
            _live.TryRemove(session, out _);
        }
    }

    private TrackedSession? AnyLive(Random random) => _live.Keys.ElementAtOrDefault(random.Next(LiveSessions));

    /// <returns>A session that only the caller revokes.</returns>
    private TrackedSession? TakeLive(Random random) =>
        AnyLive(random) is { } session && _live.TryRemove(session, out _) ? session : null;

    /// <returns>A session that is about to be lost.</returns>
    private TrackedSession? TakeLost(Random random)
    {
        if (TakeLive(random) is not { } session)
            return null;
        session.IsLost = true;
        return session;
    }

    private NodeProcess AnyNode(Random random) => _scene.Nodes[random.Next(_scene.Nodes.Count)];

    private async Task FillAsync(Random random)
    {
        if (_live.Count >= LiveSessions)
            await Task.Delay(5);
        else if (await SignInAsync($"user-{Guid.NewGuid():N}", random) is { } session)
            Add(session);
    }

    private async Task<TrackedSession?> SignInAsync(
        string name, Random random, TrackedSession? former = null, bool isKept = false)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await AnyNode(random).SignInAsync(name, _generations.GetValueOrDefault(name)) is var (cookie, handle)
                ? new(name, cookie, handle, began, Stopwatch.GetTimestamp()) { Former = former, IsKept = isKept }
                : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    private void Add(TrackedSession session)
    {
        _live[session] = true;
        // Redis may have forgotten it before it was known here.
        if (_losses.IsOngoing || session.BeganAt < _losses.Latest)
            Lose(one => one == session);
    }

    private async Task AskAsync(Random random)
    {
        var old = random.Next(4) == 0 ? _ended.ToArray() : [];
        var session = old.Length > 0 ? old[^random.Next(1, Math.Min(old.Length, 50) + 1)] : AnyLive(random);
        if (session is null)
            await Task.Delay(5);
        else
            await _history.AskAsync(session, AnyNode(random), _faults.Current);
    }

    private async Task RevokeAsync(Random random)
    {
        await Task.Delay(random.Next(200));
        if (TakeLive(random) is not { } session)
            return;
        // One of the account by its handle, all, or all but one that was just begun.
        var kept = random.Next(4) == 0 ? await SignInAsync(session.Name, random, session, isKept: true) : null;
        var handle = kept is null && random.Next(2) == 0 ? session.Handle : null;
        var fault = _faults.Current;
        session.IsInvoked = true;
        _ended.Enqueue(session);
        var started = Stopwatch.GetTimestamp();
        // As an app does: a change of the account raises its generation, which sign-ins from then on have.
        long? generation = handle is null ? _generations.AddOrUpdate(session.Name, 1, (_, latest) => latest + 1) : null;
        var outcome = await AnyNode(random).EndAsync(session.Name, handle, kept?.Handle, generation);
        switch (outcome)
        {
            case Outcome.Acknowledged:
                _history.Acknowledged(fault, Stopwatch.GetElapsedTime(started));
                session.IsAcknowledged = true;
                break;
            case Outcome.Pending:
                _history.Pending();
                session.IsPending = true;
                break;
            default:
                _history.Unknown();
                break;
        }
        if (kept is not null)
        {
            kept.IsLastOfAccount = session.IsLastOfAccount || outcome == Outcome.Unknown;
            Add(kept);
        }
        else if (outcome != Outcome.Unknown && !session.IsLastOfAccount
            && await SignInAsync(session.Name, random, session) is { } next)
        {
            Add(next);
        }
    }

    private async Task ReportAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(15), over).ContinueWith(_ => { }, TaskScheduler.Default);
            Console.WriteLine(
                $"… {_history.Requests} requests, {_history.Revocations} revocations, {_verdicts.Summary}");
        }
    }

    // What is pending is recorded: once nothing fails any more, it takes effect.
    private async Task AllTookEffectAsync()
    {
        await _scene.HealAsync();
        var until = Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency);
        foreach (var session in _ended.Where(session => session.IsPending))
            foreach (var node in _scene.Nodes)
            {
                Answer answer;
                while ((answer = await node.AskAsync(session.Cookie)) != Answer.Refused
                    && Stopwatch.GetTimestamp() < until)
                    await Task.Delay(100);
                if (answer != Answer.Refused)
                    _verdicts.NeverTookEffect(
                        $"node {node.Name} says {answer} to {session.Name}, whose revocation was pending");
            }
        foreach (var session in _ended.Where(session => session.IsAcknowledged))
            foreach (var node in _scene.Nodes)
                await _history.AskAsync(session, node, "after all faults");
    }
}
