using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<Link, bool> _links = new();
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

    /// <summary>Kills the node at a command; null if it lives on.</summary>
    public volatile CommandTrap? Trap;

    /// <summary>The open connections stay open, but nothing passes through them any more; later ones work.</summary>
    public void SilenceOpen()
    {
        foreach (var link in _links.Keys)
            link.IsSilent = true;
    }

    public void Cut() => Interlocked.Exchange(ref _cut, new()).Cancel();

    public void Heal() => (IsDeaf, IsDeafToLog, IsMute, Delay, IsGone, Trap) = (false, false, false, 0, false, null);

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
        using var closing = node;
        using var redis = new TcpClient();
        try
        {
            if (IsGone)
                return;
            node.NoDelay = redis.NoDelay = true;
            await redis.ConnectAsync(IPAddress.Loopback, _redis);
            var link = new Link();
            _links.TryAdd(link, true);
            var cut = _cut.Token;
            try
            {
                await Task.WhenAny(
                    PumpAsync(
                        link, node.GetStream(), redis.GetStream(), () => IsDeaf || IsDeafToLog && link.IsLog, () => 0,
                        Pass, cut),
                    PumpAsync(
                        link, redis.GetStream(), node.GetStream(), () => IsMute || IsDeafToLog && link.IsLog,
                        () => Delay, (_, bytes) => bytes.Length, cut));
                // Nor does the node learn that there is nobody any more.
                while (IsDeafToLog && link.IsLog && !cut.IsCancellationRequested)
                    await Task.Delay(20);
            }
            finally
            {
                _links.TryRemove(link, out _);
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
        }
    }

    private int Pass(Link link, ReadOnlySpan<byte> bytes)
    {
        link.IsLog |= bytes.IndexOf(LogKey) >= 0;
        if (Trap is { } trap)
            return trap.Pass(link.Commands, bytes);
        foreach (var next in bytes)
            link.Commands.Read(next);
        return bytes.Length;
    }

    private sealed class Link
    {
        public volatile bool IsLog;
        public volatile bool IsSilent;

        public CommandReader Commands { get; } = new();
    }

    private delegate int Filter(Link link, ReadOnlySpan<byte> bytes);

    private static async Task PumpAsync(
        Link link, NetworkStream from, NetworkStream to, Func<bool> holds, Func<int> delay, Filter pass,
        CancellationToken cut)
    {
        // What is late does not make what follows later than that.
        var queue = System.Threading.Channels.Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var writing = WriteAsync();
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer, cut) is var read and > 0)
                if (pass(link, buffer.AsSpan(0, read)) is var passed and > 0)
                    queue.Writer.TryWrite((buffer[..passed], Environment.TickCount64 + delay()));
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
                    if (!link.IsSilent)
                        await to.WriteAsync(bytes, cut);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
            {
            }
        }
    }
}
