using System.Net;
using System.Text.Json;
using SessionWeb.Checker.Patching;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Library;

/// <summary>A process of <see cref="LibraryNodeApp"/> behind its own proxy.</summary>
internal sealed class LibraryNode : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = 64,
    })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };
    private readonly Uri _url = new($"http://127.0.0.1:{FreePort.Next()}");
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _environment;

    public LibraryNode(string name, int redisPort, string data, int leaseMs, int timeoutMs, NodeProgram program)
    {
        Name = name;
        Proxy = new(redisPort);
        _environment = new() { [PatchedLibraries.DelayVariable] = $"{program.MaxDelayMs}" };
        _arguments =
        [
            program.Path, "node", $"--urls={_url}", $"--Redis=127.0.0.1:{Proxy.Port}", $"--DataDirectory={data}",
            $"--Sessions:NodeName={name}", $"--Sessions:Lease={TimeSpan.FromMilliseconds(leaseMs)}",
            $"--Sessions:StoreTimeout={TimeSpan.FromMilliseconds(timeoutMs)}",
        ];
        Process = Start();
    }

    public string Name { get; }

    public RedisProxy Proxy { get; }

    public ChildProcess Process { get; private set; }

    /// <summary>The cookie of a revoked session. A node that rejects it is ready.</summary>
    public string? Probe { get; set; }

    public void Restart()
    {
        Process.Dispose();
        Process = Start();
    }

    public async Task<bool> IsReadyAsync() => await SendRequestAsync(Probe!) == RequestOutcome.Rejected;

    public Task WaitForStartAsync() => Wait.UntilAsync(async () =>
    {
        using var response = await _client.GetAsync(new Uri(_url, LibraryNodeApp.RequestPath));
        return response.StatusCode == HttpStatusCode.Forbidden;
    }, $"node {Name} answers");

    /// <returns>The session's cookie and handle; null if the sign-in failed.</returns>
    public async Task<(string Cookie, string Handle)?> SignInAsync(string account, long generation = 0)
    {
        var uri = new Uri(_url, $"{LibraryNodeApp.SignInPath}?account={account}&generation={generation}");
        using var response = await _client.PostAsync(uri, null);
        return response.IsSuccessStatusCode
            ? (response.Headers.GetValues("Set-Cookie").Single().Split(';')[0],
                await response.Content.ReadAsStringAsync())
            : null;
    }

    /// <summary>Sends a request with the session cookie.</summary>
    public async Task<RequestOutcome> SendRequestAsync(string cookie)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_url, LibraryNodeApp.RequestPath));
            request.Headers.Add("Cookie", cookie);
            using var response = await _client.SendAsync(request);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => RequestOutcome.Accepted,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => RequestOutcome.Rejected,
                _ => RequestOutcome.Unavailable,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return RequestOutcome.Unavailable;
        }
    }

    /// <summary>Revokes the session with the handle, or all sessions of the account except the kept one.</summary>
    public async Task<RevocationOutcome> RevokeAsync(
        string account, string? handle = null, string? kept = null, long? generation = null)
    {
        var query = $"account={account}&handle={handle}&kept={kept}"
            + (generation is null ? "" : $"&generation={generation}");
        try
        {
            using var response = await _client.PostAsync(new Uri(_url, $"{LibraryNodeApp.RevokePath}?{query}"), null);
            if (!response.IsSuccessStatusCode)
                return RevocationOutcome.Unknown;
            using var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return result.RootElement.GetProperty("pending").GetBoolean()
                ? RevocationOutcome.Pending
                : RevocationOutcome.Acknowledged;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return RevocationOutcome.Unknown;
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Proxy.Dispose();
        _client.Dispose();
    }

    private ChildProcess Start() => new("dotnet", _arguments, _environment);
}
