using SessionWeb.Checker.Patching;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Checker.Library;

/// <summary>Nodes that run the library in a minimal app, each behind a proxy, with a real Redis.</summary>
internal sealed class LibraryFarm : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-check-");
    private IDatabase? _register;
    private int _accounts;

    private LibraryFarm(int leaseMs)
    {
        Lease = TimeSpan.FromMilliseconds(leaseMs);
        Redis = new();
        Journal = new(Path.Combine(_directory.FullName, "data"));
    }

    public TimeSpan Lease { get; }

    public RedisProcess Redis { get; }

    public JournalTable Journal { get; }

    public IReadOnlyList<LibraryNode> Nodes { get; private set; } = [];

    /// <summary>The node that revokes, in attacks.</summary>
    public LibraryNode A => Nodes[0];

    /// <summary>The node that must apply the revocation, in attacks.</summary>
    public LibraryNode B => Nodes[1];

    public static async Task<LibraryFarm> StartAsync(int nodes, int leaseMs, int timeoutMs, NodeProgram program)
    {
        var farm = new LibraryFarm(leaseMs);
        await farm.Redis.StartAsync();
        var data = farm._directory.CreateSubdirectory("data").FullName;
        farm.Nodes =
        [
            .. Enumerable.Range(0, nodes).Select(i =>
                new LibraryNode($"{(char)('a' + i)}", farm.Redis.Port, data, leaseMs, timeoutMs, program)),
        ];
        await Task.WhenAll(farm.Nodes.Select(node => node.WaitForStartAsync()));
        return farm;
    }

    /// <summary>Signs in a new account at node A.</summary>
    /// <param name="isCached">Whether every node must have the session in its cache afterwards.</param>
    public async Task<(string Account, string Cookie)> SignInAsync(bool isCached = true)
    {
        var account = $"user-{Interlocked.Increment(ref _accounts)}";
        string? cookie = null;
        await Wait.UntilAsync(
            async () => (cookie = await A.SignInAsync(account) is { } session ? session.Cookie : null) is not null,
            "an account signs in");
        if (isCached)
        {
            foreach (var node in Nodes)
            {
                // The first request fills the cache, the second is answered from it.
                for (var i = 0; i < 2; i++)
                {
                    await Wait.UntilAsync(
                        async () => await node.SendRequestAsync(cookie!) == RequestOutcome.Accepted,
                        $"node {node.Name} accepts the session");
                }
            }
        }

        return (account, cookie!);
    }

    /// <summary>Gives each node the cookie of a revoked session. A node that rejects it is ready.</summary>
    public async Task AddProbeAsync()
    {
        var (account, cookie) = await SignInAsync();
        await Wait.UntilAsync(
            async () => await A.RevokeAsync(account, generation: 1) == RevocationOutcome.Acknowledged,
            "a revocation is acknowledged");
        foreach (var node in Nodes)
            node.Probe = cookie;
    }

    /// <summary>Ends all proxy faults and waits until all nodes accept a new session.</summary>
    public async Task RecoverAsync()
    {
        foreach (var node in Nodes)
            node.Proxy.ClearFaults();
        await SignInAsync();
    }

    /// <summary>The number of the node's renewals that have reached Redis.</summary>
    public async Task<long> CountRenewalsAsync(LibraryNode node)
    {
        _register ??= await Redis.ConnectAsync();
        // '1 acknowledged renewals …'; log.lua describes it.
        return (await _register.HashGetAllAsync(RedisKeys.Log[2]))
            .Where(entry => entry.Name.StartsWith($"{node.Name}:"))
            .Sum(entry => long.Parse(entry.Value.ToString().Split(' ')[2]));
    }

    public void Dispose()
    {
        foreach (var node in Nodes)
            node.Dispose();
        Redis.Dispose();
        _directory.Delete(recursive: true);
    }
}
