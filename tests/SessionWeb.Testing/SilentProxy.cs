using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Stands before a server. Connections that are open when it falls silent stay open and carry nothing any more; new ones work.</summary>
public sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private readonly int _server;
    private int _era;

    public SilentProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void FallSilent() => Interlocked.Increment(ref _era);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting;
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

    private async Task ServeAsync(TcpClient client)
    {
        var era = Volatile.Read(ref _era);
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _over.Token);
            await Task.WhenAny(PumpAsync(client, server, era), PumpAsync(server, client, era));
            // Silent, but not closed.
            if (era != Volatile.Read(ref _era))
                await Task.Delay(Timeout.Infinite, _over.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, int era)
    {
        var buffer = new byte[65536];
        while (await from.GetStream().ReadAsync(buffer, _over.Token) is var read and > 0 && era == Volatile.Read(ref _era))
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _over.Token);
    }
}
