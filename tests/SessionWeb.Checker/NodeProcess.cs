using System.Net;
using System.Text.Json;
using SessionWeb.Checker.Patching;

namespace SessionWeb.Checker;

/// <summary>A node as a process, behind its own proxy.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly string[] _arguments;
    private readonly Dictionary<string, string?> _environment;
    private readonly Uri _url = new($"http://127.0.0.1:{ServerProcess.FreePort()}");
    private ServerProcess _process;

    public NodeProcess(string name, int redis, string data, int leaseMs, int timeoutMs, NodeProgram program)
    {
        Name = name;
        Proxy = new(redis);
        _environment = new() { [PatchedLibraries.DelayVariable] = $"{program.DelayMs}" };
        _arguments =
        [
            program.Path, "node",
            $"--urls={_url}", $"--Redis=127.0.0.1:{Proxy.Port}", $"--DataDirectory={data}",
            $"--Sessions:NodeName={name}", $"--Sessions:Lease={TimeSpan.FromMilliseconds(leaseMs)}", $"--Sessions:StoreTimeout={TimeSpan.FromMilliseconds(timeoutMs)}",
        ];
        _process = new("dotnet", _environment, _arguments);
    }

    public string Name { get; }

    public Proxy Proxy { get; }

    public ServerProcess Process => _process;

    /// <summary>The cookie of a session that has ended: who can say so is ready.</summary>
    public string? Probe { get; set; }

    public void Start()
    {
        _process.Dispose();
        _process = new("dotnet", _environment, _arguments);
    }

    public async Task<bool> IsReadyAsync() => await AskAsync(Probe!) == Answer.Refused;

    public Task ReadyAsync() => Wait.ForAsync(async () => (await _client.GetAsync(new Uri(_url, "/api/who"))).StatusCode == HttpStatusCode.Forbidden, $"node {Name} serves");

    /// <returns>The session's cookie and handle; null if the sign-in failed.</returns>
    public async Task<(string Cookie, string Handle)?> SignInAsync(string name, long generation = 0)
    {
        using var response = await _client.PostAsync(new Uri(_url, $"/in?name={name}&generation={generation}"), null);
        return response.IsSuccessStatusCode
            ? (response.Headers.GetValues("Set-Cookie").Single().Split(';')[0],
                await response.Content.ReadAsStringAsync())
            : null;
    }

    /// <summary>Whether a request of the session was accepted.</summary>
    public async Task<Answer> AskAsync(string cookie)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Get, "/api/who", cookie);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Answer.Accepted,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Answer.Refused,
                _ => Answer.Unavailable,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return Answer.Unavailable;
        }
    }

    /// <summary>Revokes one session of the account, all, or all but one.</summary>
    public async Task<Outcome> EndAsync(string name, string? handle = null, string? keep = null, long? generation = null)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Post, $"/end?name={name}&handle={handle}&keep={keep}{(generation is null ? "" : $"&generation={generation}")}");
            if (!response.IsSuccessStatusCode)
                return Outcome.Unknown;
            using var revocation = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return revocation.RootElement.GetProperty("pending").GetBoolean() ? Outcome.Pending : Outcome.Acknowledged;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return Outcome.Unknown;
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        Proxy.Dispose();
        _client.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_url, path));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request);
    }
}

/// <summary>What a node said to a request with a session's cookie.</summary>
internal enum Answer
{
    Accepted,
    Refused,

    /// <summary>It could not say: 503, or nothing at all.</summary>
    Unavailable,
}

/// <summary>What a node said to a revocation.</summary>
internal enum Outcome
{
    Acknowledged,

    /// <summary>It is written down, and must take effect some time.</summary>
    Pending,

    /// <summary>It may have been heard of, or not.</summary>
    Unknown,
}
