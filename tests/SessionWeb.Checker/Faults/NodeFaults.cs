using SessionWeb.Checker.Library;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Faults;

/// <summary>Faults of nodes and of their connections. None of them loses sessions.</summary>
internal sealed class NodeFaults(LibraryFarm farm)
{
    public IReadOnlyList<Fault> All =>
    [
        new("node suspended", SuspendAsync, CanCombine: true),
        new("node killed", KillAsync, CanCombine: true),
        new("replies delayed", DelayRepliesAsync, CanCombine: true),
        new("requests blocked", () => SetAsync(proxy => proxy.BlocksRequests = true), CanCombine: true),
        new("replies blocked", () => SetAsync(proxy => proxy.BlocksReplies = true), CanCombine: true),
        new("log connections blocked", () => SetAsync(proxy => proxy.BlocksLog = true), CanCombine: true),
        new("node disconnected", DisconnectAsync, CanCombine: true),
        new("open connections silent", SilenceAsync),
    ];

    public LibraryNode AnyNode => farm.Nodes[Random.Shared.Next(farm.Nodes.Count)];

    /// <summary>
    /// Waits for a random time, in milliseconds: how a fault falls relative to leases and timeouts decides its effect.
    /// </summary>
    public static Task PauseAsync(int min, int max) => Task.Delay(Random.Shared.Next(min, max));

    private async Task SuspendAsync()
    {
        var node = AnyNode;
        node.Process.Suspend();
        await PauseAsync(100, 3000);
        node.Process.Resume();
    }

    private async Task KillAsync()
    {
        var node = AnyNode;
        node.Process.Kill();
        await PauseAsync(0, 1500);
        node.Restart();
        await node.WaitForStartAsync();
    }

    private Task DelayRepliesAsync() => SetAsync(proxy => proxy.ReplyDelayMs = Random.Shared.Next(20, 700));

    private async Task SetAsync(Action<RedisProxy> set)
    {
        set(AnyNode.Proxy);
        await PauseAsync(300, 3000);
    }

    private async Task DisconnectAsync()
    {
        var proxy = AnyNode.Proxy;
        proxy.RefusesConnections = true;
        proxy.CloseConnections();
        await PauseAsync(100, 2000);
    }

    // Only the node can end this fault, with new connections. It may take 5 s to detect the fault.
    private async Task SilenceAsync()
    {
        AnyNode.Proxy.SilenceOpenConnections();
        await PauseAsync(5500, 6500);
    }
}
