namespace SessionWeb.Checker.Faults;

/// <summary>What happens to nodes and to their connections. None of it loses sessions.</summary>
internal sealed class NodeFaults(Scene scene, Random random)
{
    public IReadOnlyList<Fault> All =>
    [
        new("node stopped", StoppedAsync, Combines: true),
        new("node killed", KilledAsync, Combines: true),
        new("node slow", () => ProxyAsync(proxy => proxy.Delay = random.Next(20, 700)), Combines: true),
        new("node deaf", () => ProxyAsync(proxy => proxy.IsDeaf = true), Combines: true),
        new("node mute", () => ProxyAsync(proxy => proxy.IsMute = true), Combines: true),
        new("node deaf to the log", () => ProxyAsync(proxy => proxy.IsDeafToLog = true), Combines: true),
        new("node cut off", CutOffAsync, Combines: true),
        new("node's connections silent", SilentAsync),
    ];

    public NodeProcess Any => scene.Nodes[random.Next(scene.Nodes.Count)];

    public Task PauseAsync(int from, int to) => Task.Delay(random.Next(from, to));

    private async Task StoppedAsync()
    {
        var node = Any;
        node.Process.Freeze();
        await PauseAsync(100, 3000);
        node.Process.Thaw();
    }

    private async Task KilledAsync()
    {
        var node = Any;
        node.Process.Kill();
        await PauseAsync(0, 1500);
        node.Start();
        await node.ReadyAsync();
    }

    private async Task ProxyAsync(Action<Proxy> spoil)
    {
        spoil(Any.Proxy);
        await PauseAsync(300, 3000);
    }

    private async Task CutOffAsync()
    {
        var proxy = Any.Proxy;
        proxy.IsGone = true;
        proxy.Cut();
        await PauseAsync(100, 2000);
    }

    // Only the node can end it, with new connections: it may take 5 s to notice.
    private async Task SilentAsync()
    {
        Any.Proxy.SilenceOpen();
        await PauseAsync(5500, 6500);
    }
}
