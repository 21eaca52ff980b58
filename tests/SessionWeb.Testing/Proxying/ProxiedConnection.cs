using System.Net.Sockets;
using System.Threading.Channels;

namespace SessionWeb.Testing.Proxying;

/// <summary>One connection of a node to Redis. It forwards bytes both ways, subject to the proxy's faults.</summary>
internal sealed class ProxiedConnection(
    RedisProxy proxy, NetworkStream node, NetworkStream redis, CancellationToken closed)
{
    private readonly RespCommandReader _commands = new();
    private volatile bool _carriesLog;

    /// <summary>The connection stays open, but forwards nothing more.</summary>
    public volatile bool IsSilent;

    /// <summary>Whether the node must not learn that the connection has ended.</summary>
    public bool IsHeldOpen => proxy.BlocksLog && _carriesLog && !closed.IsCancellationRequested;

    /// <summary>Completes when either side has closed the connection.</summary>
    public Task ForwardAsync() => Task.WhenAny(
        ForwardAsync(node, redis, InspectRequest, () => proxy.BlocksRequests, () => 0),
        ForwardAsync(redis, node, bytes => bytes.Length, () => proxy.BlocksReplies, () => proxy.ReplyDelayMs));

    /// <returns>How many of the bytes may be forwarded.</returns>
    private int InspectRequest(ReadOnlySpan<byte> bytes)
    {
        _carriesLog |= bytes.IndexOf(RedisProxy.LogKey) >= 0;
        if (proxy.Trigger is { } trigger)
            return trigger.CountForwarded(_commands, bytes);
        foreach (var next in bytes)
            _commands.Read(next);
        return bytes.Length;
    }

    private async Task ForwardAsync(
        NetworkStream from, NetworkStream to, Inspection inspect, Func<bool> isBlocked, Func<int> delayMs)
    {
        // Delays do not add up: reading continues while earlier bytes wait.
        var queue = Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var writing = WriteAsync();
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, closed) is var read and > 0)
            {
                if (inspect(buffer.AsSpan(0, read)) is var allowed and > 0)
                    queue.Writer.TryWrite((buffer[..allowed], Environment.TickCount64 + delayMs()));
            }
        }
        catch (Exception failure) when (IsClosed(failure))
        {
        }
        queue.Writer.TryComplete();
        await Task.WhenAny(writing, Task.Delay(Timeout.Infinite, closed).ContinueWith(_ => { }, TaskScheduler.Default));

        async Task WriteAsync()
        {
            try
            {
                await foreach (var (bytes, due) in queue.Reader.ReadAllAsync(closed))
                {
                    while (due > Environment.TickCount64 || isBlocked() || proxy.BlocksLog && _carriesLog)
                        await Task.Delay(2, closed);
                    if (!IsSilent)
                        await to.WriteAsync(bytes, closed);
                }
            }
            catch (Exception failure) when (IsClosed(failure))
            {
            }
        }
    }

    private static bool IsClosed(Exception failure) =>
        failure is OperationCanceledException or IOException or ObjectDisposedException;

    private delegate int Inspection(ReadOnlySpan<byte> bytes);
}
