using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Testing;

/// <summary>A request as bytes, for what no client would send. Characters are bytes (Latin-1).</summary>
public static class RawRequest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>All that the server answers until it closes; the request has to ask it to, with <c>Connection: close</c>.</summary>
    public static async Task<string> SendAsync(Uri to, string request)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, to.Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // Reset after the answer: not all that was sent was read.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The status of an answer; 0 if the server hung up without one.</summary>
    public static int StatusOf(string answer) =>
        answer.Length >= 12 && int.TryParse(answer.AsSpan(9, 3), out var status) ? status : 0;
}
