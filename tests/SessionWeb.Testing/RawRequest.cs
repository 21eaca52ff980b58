using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Testing;

/// <summary>Sends malformed requests that HttpClient refuses to send. Characters are bytes (Latin-1).</summary>
public static class RawRequest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Sends a request, which must contain <c>Connection: close</c>, and reads until the server closes.
    /// </summary>
    public static async Task<string> SendAsync(Uri to, string request)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, to.Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        using var response = new MemoryStream();
        try
        {
            await stream.CopyToAsync(response, deadline.Token);
        }
        catch (IOException)
        {
            // The server resets the connection if it did not read the whole request.
        }
        return Encoding.Latin1.GetString(response.ToArray());
    }

    /// <summary>The status code of a response; 0 if the server closed the connection without one.</summary>
    public static int StatusOf(string response) =>
        response.Length >= 12 && int.TryParse(response.AsSpan(9, 3), out var status) ? status : 0;
}
