using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Connects to servers on this machine. Accepts any certificate, since farm.sh creates its own.</summary>
public static class Loopback
{
    /// <param name="from">The source address that servers see; 127.0.0.1 by default.</param>
    public static HttpClient Client(IPAddress? from = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = (context, cancellationToken) =>
            ConnectAsync(from ?? IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken),
    });

    private static async ValueTask<Stream> ConnectAsync(IPAddress from, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the address responds with success within two seconds.</summary>
    public static async Task<bool> RespondsAsync(Uri address)
    {
        using var client = Client();
        client.Timeout = TimeSpan.FromSeconds(2);
        try
        {
            using var response = await client.GetAsync(address);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Whether a process listens on the port.</summary>
    public static async Task<bool> IsListeningAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
