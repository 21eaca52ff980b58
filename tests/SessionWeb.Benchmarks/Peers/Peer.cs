namespace SessionWeb.Benchmarks.Peers;

/// <summary>A peer of the app in a separate process, in Production behind an https proxy, like the app.</summary>
internal sealed class Peer : IAsyncDisposable
{
    /// <summary>The name of every node, which the responses contain.</summary>
    public const string NodeName = "bench";

    /// <summary>Environment variables of a .NET server behind an https proxy.</summary>
    public static readonly (string Name, string Value)[] Production =
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("ForwardedHeaders__KnownProxies", "127.0.0.1"),
        ("Node__Name", NodeName),
    ];

    private Peer(Uri url, ServerProcess process) => (Url, Process) = (url, process);

    public Uri Url { get; }

    public ServerProcess Process { get; }

    /// <summary>Starts a <see cref="PeerApp"/>.</summary>
    public static Task<Peer> StartAsync(string peer, RedisServer redis) => StartAsync("peer", peer, redis);

    /// <summary>Starts a <see cref="MinimalApp"/>.</summary>
    public static Task<Peer> StartMinimalAsync(string peer, RedisServer redis) => StartAsync("bare", peer, redis);

    private static Task<Peer> StartAsync(string kind, string peer, RedisServer redis) => StartAsync((port, data) =>
        new ChildProcess(
            "dotnet", [typeof(Peer).Assembly.Location, kind, peer, redis.Configuration, data],
            Production.Append(("URLS", $"http://127.0.0.1:{port}"))
                .ToDictionary(setting => setting.Item1, setting => setting.Item2)));

    /// <summary>Starts Express with express-session and connect-redis.</summary>
    public static Task<Peer> StartExpressAsync(RedisServer redis) => StartAsync((port, _) =>
        new ChildProcess(
            "node", ["server.js", $"{port}", $"{redis.Port}", NodeName],
            new Dictionary<string, string> { ["NODE_ENV"] = "production" },
            Path.Combine(Repository.Root, "tests", "SessionWeb.Benchmarks", "Peers", "express")));

    /// <summary>Signs a user in and returns the cookie, or an empty string if the peer sets none.</summary>
    public async Task<string> SignInAsync(string name)
    {
        using var client = Client(Url);
        using var response = await client.PostAsync($"/sign-in/{name}/{BenchmarkUser.IdOf(name)}", null);
        var headers = response.EnsureSuccessStatusCode().Headers;
        return headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single().Split(';')[0] : "";
    }

    /// <summary>Creates a client that sends the headers of an https proxy.</summary>
    public static HttpClient Client(Uri url) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = url,
            DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-For", "192.0.2.1" } },
        };

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<Peer> StartAsync(Func<int, string, ChildProcess> start)
    {
        var port = FreePort.Next();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var client = Client(url);
        return new(url, await ServerProcess.StartAsync(
            data => start(port, data), async () => (await client.GetAsync("/health/live")).IsSuccessStatusCode));
    }
}
