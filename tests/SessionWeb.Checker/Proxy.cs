using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Checker;

/// <summary>Stands between a node and Redis, and can be slow, deaf or gone, for all of the node's connections or for those of the log alone.</summary>
internal sealed class Proxy : IDisposable
{
    private static readonly byte[] LogKey = Encoding.ASCII.GetBytes("sw:log:state");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly int _redis;
    private CancellationTokenSource _cut = new();

    public Proxy(int redis)
    {
        _redis = redis;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the node sends is held back, as long as this is so.</summary>
    public volatile bool IsDeaf;

    /// <summary>The same for the connections on which the log is spoken of.</summary>
    public volatile bool IsDeafToLog;

    /// <summary>What Redis answers is held back, as long as this is so.</summary>
    public volatile bool IsMute;

    /// <summary>How late Redis' answers are, in milliseconds.</summary>
    public volatile int Delay;

    /// <summary>Nobody gets through, and whoever had is thrown out.</summary>
    public volatile bool IsGone;

    public void Cut() => Interlocked.Exchange(ref _cut, new()).Cancel();

    public void Heal() => (IsDeaf, IsDeafToLog, IsMute, Delay, IsGone) = (false, false, false, 0, false);

    public void Dispose()
    {
        _over.Cancel();
        Cut();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient node)
    {
        using var _ = node;
        using var redis = new TcpClient();
        try
        {
            if (IsGone)
                return;
            node.NoDelay = redis.NoDelay = true;
            await redis.ConnectAsync(IPAddress.Loopback, _redis);
            var isLog = new StrongBox();
            var cut = _cut.Token;
            await Task.WhenAny(
                PumpAsync(node.GetStream(), redis.GetStream(), () => IsDeaf || IsDeafToLog && isLog.Value, _ => 0, bytes => isLog.Value |= bytes.IndexOf(LogKey) >= 0, cut),
                PumpAsync(redis.GetStream(), node.GetStream(), () => IsMute || IsDeafToLog && isLog.Value, _ => Delay, _ => { }, cut));
            // Nor does the node learn that there is nobody any more.
            while (IsDeafToLog && isLog.Value && !cut.IsCancellationRequested)
                await Task.Delay(20);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
        }
    }

    private sealed class StrongBox
    {
        public volatile bool Value;
    }

    private delegate void Seen(ReadOnlySpan<byte> bytes);

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Func<bool> holds, Func<int, int> delay, Seen seen, CancellationToken cut)
    {
        // What is late does not make what follows later than that.
        var queue = System.Threading.Channels.Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var writing = WriteAsync();
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, cut) is var read and > 0)
            {
                seen(buffer.AsSpan(0, read));
                queue.Writer.TryWrite((buffer[..read], Environment.TickCount64 + delay(0)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
        {
        }
        queue.Writer.TryComplete();
        await Task.WhenAny(writing, Task.Delay(Timeout.Infinite, cut).ContinueWith(_ => { }, TaskScheduler.Default));

        async Task WriteAsync()
        {
            try
            {
                await foreach (var (bytes, due) in queue.Reader.ReadAllAsync(cut))
                {
                    while (due > Environment.TickCount64 || holds())
                        await Task.Delay(2, cut);
                    await to.WriteAsync(bytes, cut);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
            {
            }
        }
    }
}
