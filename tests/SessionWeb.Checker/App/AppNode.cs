using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.App;

/// <summary>A SessionWeb process behind its own proxy.</summary>
internal sealed class AppNode : IDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll");

    // A session that gains a role gets a new id: the new cookie by the former one.
    private static readonly ConcurrentDictionary<string, string> RenewedCookies = new();

    private readonly HttpClient _client;
    private readonly string[] _arguments;

    public AppNode(string name, int redisPort, IEnumerable<string> settings, HttpClient client)
    {
        (Name, _client, Proxy) = (name, client, new(redisPort));
        _arguments =
        [
            Program, .. settings, $"--urls={Url.GetLeftPart(UriPartial.Authority)}", $"--Node:Name={name}",
            $"--ConnectionStrings:Redis=127.0.0.1:{Proxy.Port}",
        ];
        Process = new("dotnet", _arguments);
    }

    public string Name { get; }

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public RedisProxy Proxy { get; }

    public ChildProcess Process { get; private set; }

    public void Restart()
    {
        Process.Dispose();
        // Commands of the killed process that the proxy still holds must not reach Redis later.
        Proxy.CloseConnections();
        Proxy.ClearFaults();
        Process = new("dotnet", _arguments);
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(Url, "/health/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (IsConnectionFailure(failure))
        {
            return false;
        }
    }

    /// <summary>Sends a request with the session cookie.</summary>
    /// <param name="session">The value of the session cookie.</param>
    /// <param name="asAdmin">Whether to request a page for administrators, too.</param>
    public async Task<SessionCheck> CheckSessionAsync(string session, bool asAdmin = false)
    {
        try
        {
            using var response = await SendAsync("/api/me", session);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                return new(RequestOutcome.Rejected);
            if (response.StatusCode != HttpStatusCode.OK)
                return new(RequestOutcome.Unavailable);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            var (name, handle) = (json.RootElement.GetProperty("account"), json.RootElement.GetProperty("session"));
            var check = new SessionCheck(RequestOutcome.Accepted, name.GetString()!, handle.GetString()!);
            return asAdmin ? await CheckAdminAsync(session, check) : check;
        }
        catch (Exception failure) when (IsConnectionFailure(failure))
        {
            return new(RequestOutcome.Unavailable);
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Proxy.Dispose();
    }

    private async Task<SessionCheck> CheckAdminAsync(string session, SessionCheck check)
    {
        using var response = await SendAsync("/admin/accounts", session);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => check with { IsAdmin = true },
            // The node answers 429 after many forbidden requests within a minute.
            HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => check,
            HttpStatusCode.Found => new(RequestOutcome.Rejected),
            _ => new(RequestOutcome.Unavailable),
        };
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
        while (RenewedCookies.TryGetValue(session, out var renewed))
            session = renewed;
        request.Headers.Add("Cookie", $"sid={session}");
        var response = await _client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.FirstOrDefault(cookie => cookie.StartsWith("sid=", StringComparison.Ordinal)) is { } cookie
            && cookie.Split(';')[0][4..] is { Length: > 0 } value)
        {
            RenewedCookies[session] = value;
        }

        return response;
    }

    private static bool IsConnectionFailure(Exception failure) =>
        failure is HttpRequestException or TaskCanceledException or IOException;
}
