using System.Diagnostics;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>A peer of the app as a process of its own, in production behind a proxy that speaks https, as the app is.</summary>
internal sealed class Peer : IAsyncDisposable
{
    /// <summary>What every node is called: the name is in the answers.</summary>
    public const string NodeName = "bench";

    /// <summary>What makes a server of .NET believe that it stands behind such a proxy.</summary>
    public static readonly (string Name, string Value)[] Production =
        [("ASPNETCORE_ENVIRONMENT", "Production"), ("ForwardedHeaders__KnownProxies", "127.0.0.1"), ("Node__Name", NodeName)];

    private Peer(Uri url, ServerProcess process) => (Url, Process) = (url, process);

    public Uri Url { get; }

    public ServerProcess Process { get; }

    /// <summary>A minimal app: see <see cref="PeerApp"/>.</summary>
    public static Task<Peer> StartAsync(string peer, RedisServer redis) => StartAsync("peer", peer, redis);

    /// <summary>An app without any of that: see <see cref="BareApp"/>.</summary>
    public static Task<Peer> StartBareAsync(string peer, RedisServer redis) => StartAsync("bare", peer, redis);

    private static Task<Peer> StartAsync(string kind, string peer, RedisServer redis) => StartAsync((port, data) =>
    {
        var start = Repository.Dotnet(typeof(Peer).Assembly.Location, kind, peer, redis.Configuration, data);
        foreach (var (name, value) in Production.Append(("URLS", $"http://127.0.0.1:{port}")))
            start.Environment[name] = value;
        return start;
    });

    /// <summary>Express with express-session and connect-redis.</summary>
    public static Task<Peer> StartExpressAsync(RedisServer redis) => StartAsync((port, _) =>
        new ProcessStartInfo("node", ["server.js", $"{port}", $"{redis.Port}", NodeName])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests", "SessionWeb.Benchmarks", "Peers", "express"),
            Environment = { ["NODE_ENV"] = "production" },
        });

    /// <summary>The cookie of somebody who signs in here; empty where there are none.</summary>
    public async Task<string> SignInAsync(string name)
    {
        using var client = Client(Url);
        using var answer = await client.PostAsync($"/sign-in/{name}/{Person.Id(name)}", null);
        return answer.EnsureSuccessStatusCode().Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single().Split(';')[0] : "";
    }

    /// <summary>Asks as the proxy would.</summary>
    public static HttpClient Client(Uri url) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = url,
        DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-For", "192.0.2.1" } },
    };

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<Peer> StartAsync(Func<int, string, ProcessStartInfo> command)
    {
        var port = RedisServer.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var client = Client(url);
        return new(url, await ServerProcess.StartAsync(
            data => command(port, data), async () => (await client.GetAsync("/health/live")).IsSuccessStatusCode));
    }
}
