using SessionWeb.Checker.Faults;
using SessionWeb.Checker.Library;
using SessionWeb.Checker.Patching;

namespace SessionWeb.Checker.Torture;

/// <summary>Sends random requests, revocations and sign-ins to three nodes under one fault after another.</summary>
internal sealed class TortureCommand
{
    private const int SignInLoops = 3;
    private const int RequestLoops = 12;
    private const int RevocationLoops = 24;
    private const int MaxDelayMs = 10;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PendingTimeout = TimeSpan.FromSeconds(60);

    private readonly CheckReport _report = new();
    private readonly SessionPool _sessions = new();
    private readonly LibraryFarm _farm;
    private readonly TortureStatistics _statistics;
    private readonly FaultSchedule _faults;
    private readonly TortureClient _client;

    private TortureCommand(LibraryFarm farm)
    {
        _farm = farm;
        _statistics = new(_report);
        var nodeFaults = new NodeFaults(farm);
        _faults = new(farm, nodeFaults, new RedisFaults(farm, nodeFaults, _sessions, _report), _report);
        _client = new(farm, _sessions, _statistics, () => _faults.Current);
    }

    public static async Task<bool> RunAsync(TimeSpan duration)
    {
        using var libraries = new PatchedLibraries();
        var library = await libraries.BuildAsync([PatchedLibraries.Delays]);
        using var program = NodeProgram.WithLibrary(library, MaxDelayMs);
        using var farm = await LibraryFarm.StartAsync(nodes: 3, leaseMs: 1000, timeoutMs: 750, program);
        await farm.AddProbeAsync();
        return await new TortureCommand(farm).RunForAsync(duration);
    }

    private async Task<bool> RunForAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource(duration);
        await Task.WhenAll(
            [
                _faults.RunAsync(stop.Token), ReportProgressAsync(stop.Token),
                .. Repeat(SignInLoops, _client.SignInAsync),
                .. Repeat(RequestLoops, _client.SendRequestAsync),
                .. Repeat(RevocationLoops, _client.RevokeAsync),
            ]);
        await CheckRevokedSessionsAsync();
        _statistics.Print();
        // A revocation that waits for a lease takes nearly as long as the lease.
        var isFast = _statistics.AreRevocationsFaster(_farm.Lease * 0.8);
        if (!isFast)
            Console.WriteLine("FAILURE: revocations wait for leases without a fault");
        var passed = isFast && _report.HasPassed && _statistics is { Requests: > 0, Revocations: > 0 };
        Console.WriteLine(passed ? "torture: ok" : "torture: FAILED");
        return passed;

        IEnumerable<Task> Repeat(int loops, Func<Task> stepAsync) =>
            Enumerable.Range(0, loops).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await stepAsync();
            }));
    }

    private async Task ReportProgressAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(ReportInterval, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            Console.WriteLine(
                $"{_statistics.Requests} requests, {_statistics.Revocations} revocations, {_report.Summary}");
        }
    }

    /// <summary>Without faults, pending revocations are applied, and revoked sessions stay rejected.</summary>
    private async Task CheckRevokedSessionsAsync()
    {
        await _farm.RecoverAsync();
        var deadline = Environment.TickCount64 + (long)PendingTimeout.TotalMilliseconds;
        foreach (var session in _sessions.Revoked.Where(session => session.IsPending))
        {
            foreach (var node in _farm.Nodes)
            {
                var outcome = RequestOutcome.Unavailable;
                var timeout = TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64));
                if (!await Wait.IsTrueWithinAsync(timeout, async () =>
                    (outcome = await node.SendRequestAsync(session.Cookie)) == RequestOutcome.Rejected))
                {
                    _report.RecordNotApplied(
                        $"node {node.Name} answers {outcome} to {session.Account}, whose revocation was pending");
                }
            }
        }

        foreach (var session in _sessions.Revoked.Where(session => session.IsAcknowledged))
        {
            foreach (var node in _farm.Nodes)
                await _statistics.SendRequestAsync(session, node, "after all faults");
        }
    }
}
