using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Asks what runs on this machine: believes any certificate, since farm.sh makes its own.</summary>
public static class Loopback
{
    /// <param name="from">The address of this machine that servers are to see; 127.0.0.1 unless told.</param>
    public static HttpClient Client(IPAddress? from = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = (context, cancellationToken) => ConnectAsync(from ?? IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken),
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

    /// <summary>Whether the address answers with success now; no answer at all is no.</summary>
    public static async Task<bool> AnswersAsync(Uri address)
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

    /// <summary>Whether something listens at the port now.</summary>
    public static async Task<bool> ConnectsAsync(int port)
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
