using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace SessionWeb.Checker.App;

/// <summary>What a node showed to a request with a session's cookie.</summary>
/// <param name="Answer">Whether it was accepted.</param>
/// <param name="Name">The account's name in the session's claims.</param>
/// <param name="Handle">The session's public handle.</param>
/// <param name="IsAdmin">Whether a page of administrators was shown.</param>
internal sealed record Sight(Answer Answer, string Name = "", string Handle = "", bool IsAdmin = false);

/// <summary>A SessionWeb process behind its own proxy.</summary>
internal sealed class AppNode : IDisposable
{
    public static readonly string App = Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll");

    // A session that gains a role gets a new id: from its former cookie to the newer one.
    private static readonly ConcurrentDictionary<string, string> Renewed = new();

    private readonly HttpClient _client;
    private readonly string[] _arguments;

    public AppNode(string name, int redis, IEnumerable<string> settings, HttpClient client)
    {
        (Name, _client, Proxy) = (name, client, new(redis));
        _arguments =
        [
            App, .. settings, $"--urls={Url.GetLeftPart(UriPartial.Authority)}", $"--Node:Name={name}",
            $"--ConnectionStrings:Redis=127.0.0.1:{Proxy.Port}",
        ];
        Process = new("dotnet", _arguments);
    }

    public string Name { get; }

    public Uri Url { get; } = new($"http://127.0.0.1:{ServerProcess.FreePort()}");

    public Proxy Proxy { get; }

    public ServerProcess Process { get; private set; }

    public void Restart()
    {
        Process.Dispose();
        // What the dead process still had in flight must not reach Redis later.
        Proxy.Cut();
        Proxy.Heal();
        Process = new("dotnet", _arguments);
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(Url, "/health/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    /// <summary>Asks who is signed in with this cookie.</summary>
    /// <param name="session">The cookie's value.</param>
    /// <param name="asAdmin">Whether a page of administrators is asked for, too.</param>
    public async Task<Sight> LookAsync(string session, bool asAdmin = false)
    {
        try
        {
            using var me = await SendAsync("/api/me", session);
            if (me.StatusCode == HttpStatusCode.Unauthorized)
                return new(Answer.Refused);
            if (me.StatusCode != HttpStatusCode.OK)
                return new(Answer.Unavailable);
            using var json = JsonDocument.Parse(await me.Content.ReadAsStringAsync());
            var (account, handle) = (json.RootElement.GetProperty("account"), json.RootElement.GetProperty("session"));
            var sight = new Sight(Answer.Accepted, account.GetString()!, handle.GetString()!);
            if (!asAdmin)
                return sight;
            using var page = await SendAsync("/admin/accounts", session);
            return page.StatusCode switch
            {
                HttpStatusCode.OK => sight with { IsAdmin = true },
                // After many denied requests in a minute the node answers 429.
                HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => sight,
                HttpStatusCode.Found => new(Answer.Refused),
                _ => new(Answer.Unavailable),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return new(Answer.Unavailable);
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Proxy.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
        while (Renewed.TryGetValue(session, out var renewed))
            session = renewed;
        request.Headers.Add("Cookie", $"sid={session}");
        var response = await _client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.FirstOrDefault(cookie => cookie.StartsWith("sid=", StringComparison.Ordinal)) is { } cookie
            && cookie.Split(';')[0][4..] is { Length: > 0 } value)
            Renewed[session] = value;
        return response;
    }
}
