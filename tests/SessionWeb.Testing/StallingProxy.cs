using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>
/// A TCP proxy. After <see cref="StallConnections"/>, the connections stay open and carry no more data. New connections
/// work.
/// </summary>
public sealed class StallingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly int _server;
    private int _stalls;

    public StallingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void StallConnections() => Interlocked.Increment(ref _stalls);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception failure)
            when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var stalls = Volatile.Read(ref _stalls);
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _stopping.Token);
            await Task.WhenAny(PumpAsync(client, server, stalls), PumpAsync(server, client, stalls));
            // The stalled connection stays open.
            if (stalls != Volatile.Read(ref _stalls))
                await Task.Delay(Timeout.Infinite, _stopping.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, int stalls)
    {
        var buffer = new byte[65536];
        while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is var read and > 0
            && stalls == Volatile.Read(ref _stalls))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
        }
    }
}
