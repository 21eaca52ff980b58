using System.Net;
using System.Text.Json;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>Reads the event stream of a session, as a browser does.</summary>
internal sealed class EventStreamClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new(
        new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private readonly StreamReader _lines;

    private EventStreamClient(HttpResponseMessage response, StreamReader lines) =>
        (Response, _lines) = (response, lines);

    public HttpResponseMessage Response { get; }

    /// <summary>Returns when the server has sent the first line.</summary>
    public static async Task<EventStreamClient> OpenAsync(PlainApp app, string cookie)
    {
        var response = await RequestAsync(app, cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = new EventStreamClient(response, new(await response.Content.ReadAsStreamAsync()));
        Assert.StartsWith(":", await stream._lines.ReadLineAsync().WaitAsync(Deadline), StringComparison.Ordinal);
        return stream;
    }

    public static async Task<HttpResponseMessage> RequestAsync(PlainApp app, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, "/session/events"));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The name and data of the next event; null when the server has closed the stream.</summary>
    public async Task<(string Name, string Data)?> NextAsync()
    {
        var name = "";
        while (await _lines.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name, line[6..]);
        }
        return null;
    }

    /// <summary>
    /// The data of the next <c>revoked</c> event; null when the server has closed the stream without one.
    /// </summary>
    public async Task<JsonElement?> NextRevokedAsync()
    {
        while (await NextAsync() is { } next)
        {
            if (next.Name == "revoked")
                return JsonElement.Parse(next.Data);
        }

        return null;
    }

    /// <summary>
    /// Reads until the server closes the stream. True if it sent a retry interval of a minute or more and no event.
    /// </summary>
    public async Task<bool> IsClosedWithLongRetryAsync()
    {
        var retry = TimeSpan.Zero;
        while (await _lines.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                return false;
            if (line.StartsWith("retry: ", StringComparison.Ordinal))
                retry = TimeSpan.FromMilliseconds(int.Parse(line[7..]));
        }
        return retry >= TimeSpan.FromMinutes(1);
    }

    public async Task<string?> ReasonAsync() => (await NextRevokedAsync())?.GetProperty("reason").GetString();

    public void Dispose()
    {
        _lines.Dispose();
        Response.Dispose();
    }
}
