using System.Net;
using System.Text.Json;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>An open page: reads the stream of its session's events as a browser would.</summary>
internal sealed class PageStream : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private readonly StreamReader _lines;

    private PageStream(HttpResponseMessage response, StreamReader lines) => (Response, _lines) = (response, lines);

    public HttpResponseMessage Response { get; }

    /// <summary>Returns once the server has said its first word.</summary>
    public static async Task<PageStream> OpenAsync(PlainApp app, string cookie)
    {
        var response = await AskAsync(app, cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = new PageStream(response, new(await response.Content.ReadAsStreamAsync()));
        Assert.StartsWith(":", await page._lines.ReadLineAsync().WaitAsync(Deadline), StringComparison.Ordinal);
        return page;
    }

    public static async Task<HttpResponseMessage> AskAsync(PlainApp app, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, "/session/events"));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The next event, with its data as text; null when the server has closed the stream.</summary>
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

    /// <summary>The next event but warnings; null when the server has closed the stream without one.</summary>
    public async Task<JsonElement?> RevokedAsync()
    {
        while (await NextAsync() is { } next)
            if (next.Name == "revoked")
                return JsonElement.Parse(next.Data);
        return null;
    }

    /// <summary>Reads until the server closes the stream: whether it named a long pause, and no event, before.</summary>
    public async Task<bool> IsClosedForAWhileAsync()
    {
        var pause = TimeSpan.Zero;
        while (await _lines.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                return false;
            if (line.StartsWith("retry: ", StringComparison.Ordinal))
                pause = TimeSpan.FromMilliseconds(int.Parse(line[7..]));
        }
        return pause >= TimeSpan.FromMinutes(1);
    }

    public async Task<string?> ReasonAsync() => (await RevokedAsync())?.GetProperty("reason").GetString();

    public void Dispose()
    {
        _lines.Dispose();
        Response.Dispose();
    }
}
