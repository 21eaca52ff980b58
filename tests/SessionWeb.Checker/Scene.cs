using SessionWeb.Checker.Patching;

namespace SessionWeb.Checker;

/// <summary>A real Redis and real nodes, each behind a proxy.</summary>
internal sealed class Scene : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-check-");
    private int _names;

    private Scene(int leaseMs)
    {
        Lease = TimeSpan.FromMilliseconds(leaseMs);
        Redis = new(_directory.FullName);
        Journal = new(Path.Combine(_directory.FullName, "data"));
    }

    public TimeSpan Lease { get; }

    public RedisProcess Redis { get; }

    public Journal Journal { get; }

    public IReadOnlyList<NodeProcess> Nodes { get; private set; } = [];

    /// <summary>The one that revokes, in attacks.</summary>
    public NodeProcess A => Nodes[0];

    /// <summary>The one that must hear of it.</summary>
    public NodeProcess B => Nodes[1];

    public static async Task<Scene> StartAsync(int nodes, int leaseMs, int timeoutMs, NodeProgram program)
    {
        var scene = new Scene(leaseMs);
        await scene.Redis.StartAsync();
        var data = scene._directory.CreateSubdirectory("data").FullName;
        scene.Nodes = [.. Enumerable.Range(0, nodes).Select(i => new NodeProcess($"{(char)('a' + i)}", scene.Redis.Port, data, leaseMs, timeoutMs, program))];
        await Task.WhenAll(scene.Nodes.Select(node => node.ReadyAsync()));
        return scene;
    }

    /// <summary>A new account, signed in at the first node, and known to all.</summary>
    public async Task<(string Name, string Cookie)> SignInAsync(bool knownToAll = true)
    {
        var name = $"person-{Interlocked.Increment(ref _names)}";
        string? cookie = null;
        await Wait.ForAsync(
            async () => (cookie = await A.SignInAsync(name) is { } session ? session.Cookie : null) is not null,
            "an account signs in");
        if (knownToAll)
            foreach (var node in Nodes)
                // The second time it is remembered.
                for (var i = 0; i < 2; i++)
                    await Wait.ForAsync(
                        async () => await node.AskAsync(cookie!) == Answer.Accepted, $"node {node.Name} knows the session");
        return (name, cookie!);
    }

    /// <summary>Lets nodes show that they are ready: they know how this session ended.</summary>
    public async Task AddProbeAsync()
    {
        var (name, cookie) = await SignInAsync();
        await Wait.ForAsync(async () => await A.EndAsync(name, generation: 1) == Outcome.Acknowledged, "a revocation is acknowledged");
        foreach (var node in Nodes)
            node.Probe = cookie;
    }

    /// <summary>Waits until all nodes serve, with everything as it should be.</summary>
    public async Task HealAsync()
    {
        foreach (var node in Nodes)
            node.Proxy.Heal();
        await SignInAsync();
    }

    public void Dispose()
    {
        foreach (var node in Nodes)
            node.Dispose();
        Redis.Dispose();
        _directory.Delete(recursive: true);
    }
}
