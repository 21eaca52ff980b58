using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing.Proxying;

/// <summary>Forwards the connections of one node to Redis. Each fault applies while its property is set.</summary>
public sealed class RedisProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly int _redisPort;
    private CancellationTokenSource _close = new();

    public RedisProxy(int redisPort)
    {
        _redisPort = redisPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The key by which the proxy recognizes connections that carry the revocation log.</summary>
    public static ReadOnlySpan<byte> LogKey => "sw:log:state"u8;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Holds back what the node sends.</summary>
    public volatile bool BlocksRequests;

    /// <summary>Holds back what Redis sends.</summary>
    public volatile bool BlocksReplies;

    /// <summary>Holds back both directions of the connections that carry the revocation log.</summary>
    public volatile bool BlocksLog;

    /// <summary>Delays what Redis sends, in milliseconds.</summary>
    public volatile int ReplyDelayMs;

    /// <summary>Closes new connections immediately.</summary>
    public volatile bool RefusesConnections;

    /// <summary>Acts at a command of the node; null for none.</summary>
    public volatile CommandTrigger? Trigger;

    /// <summary>
    /// Whether all connections are closed. What a killed node sent has reached Redis then, unless a fault holds it
    /// back.
    /// </summary>
    public bool HasNoConnections => _connections.IsEmpty;

    /// <summary>Keeps the open connections open but forwards nothing more on them. Later connections work.</summary>
    public void SilenceOpenConnections()
    {
        foreach (var connection in _connections.Keys)
            connection.IsSilent = true;
    }

    public void CloseConnections() => Interlocked.Exchange(ref _close, new()).Cancel();

    public void ClearFaults() =>
        (BlocksRequests, BlocksReplies, BlocksLog, ReplyDelayMs, RefusesConnections, Trigger) =
        (false, false, false, 0, false, null);

    public void Dispose()
    {
        _disposed.Cancel();
        CloseConnections();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_disposed.Token));
        }
        catch (Exception failure)
            when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var node = accepted;
        using var redis = new TcpClient();
        try
        {
            if (RefusesConnections)
                return;
            node.NoDelay = redis.NoDelay = true;
            await redis.ConnectAsync(IPAddress.Loopback, _redisPort);
            var connection = new ProxiedConnection(this, node.GetStream(), redis.GetStream(), _close.Token);
            _connections.TryAdd(connection, true);
            try
            {
                await connection.ForwardAsync();
                while (connection.IsHeldOpen)
                    await Task.Delay(20);
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
        }
    }
}
