using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>One of two compared revisions, with its own Redis, accounts and sessions.</summary>
internal sealed class MeasuredRevision : IAsyncDisposable
{
    private const int SessionCount = 1000;
    private const int WarmUp = 100;
    // Each password hash occupies a core.
    private const int Parallelism = 2;
    private const string UserName = "alice";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sessionweb-bench-");
    private readonly Dictionary<string, List<double>> _values = [];
    private AppNode? _signInNode;
    private SignInForm? _form;

    private MeasuredRevision(Revision revision, RedisServer redis) => (Revision, Redis) = (revision, redis);

    public Revision Revision { get; }

    public RedisServer Redis { get; }

    /// <summary>The cookies of the sessions, one per account.</summary>
    public string[] Cookies { get; private set; } = [];

    /// <summary>Creates the sessions of <see cref="Cookies"/> and records their memory in Redis.</summary>
    public static async Task<MeasuredRevision> StartAsync(Revision revision)
    {
        var measured = new MeasuredRevision(revision, await RedisServers.StartAsync());
        try
        {
            await measured.FillAsync();
            return measured;
        }
        catch
        {
            await measured.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<double> ValuesOf(string key) => _values.GetValueOrDefault(key) ?? [];

    public void Add(string key, double value)
    {
        if (!_values.TryGetValue(key, out var values))
            _values.Add(key, values = []);
        values.Add(value);
    }

    /// <summary>Starts a node in Production that uses these accounts and sessions.</summary>
    public Task<AppNode> StartNodeAsync() => AppNode.StartAsync(Revision, [.. Peer.Production, .. Settings]);

    /// <summary>Signs in through the form of the node that created the sessions.</summary>
    public async Task SignInAsync() => await _form!.SignInAsync(UserName, TestUsers.Named(UserName).Password);

    /// <summary>Stops the node that created the sessions.</summary>
    public async Task StopSignInNodeAsync()
    {
        _form?.Dispose();
        if (_signInNode is not null)
            await _signInNode.DisposeAsync();
        (_form, _signInNode) = (null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopSignInNodeAsync();
        await Redis.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private (string Name, string Value)[] Settings =>
    [
        ("ConnectionStrings__Redis", Redis.Configuration), ("DataDirectory", _data.FullName),
        ("Accounts__BcryptCost", "10"), ("Sessions__MaxPerAccount", "10000"),
    ];

    private async Task FillAsync()
    {
        // Development provides accounts. Requests forwarded from https get the cookies of Production.
        (string, string) proxy = ("ForwardedHeaders__KnownProxies", "127.0.0.1");
        _signInNode = await AppNode.StartAsync(Revision, [proxy, .. Settings]);
        _form = await SignInForm.OpenAsync(_signInNode.Url, isProxied: true);
        for (var i = 0; i < WarmUp; i++)
            await SignInAsync();

        var names = await AccountsSeed.CopyAccountAsync(_data.FullName, UserName, SessionCount);
        var password = TestUsers.Named(UserName).Password;
        var cookies = new string[SessionCount];
        var before = await MemoryAsync();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism };
        await Parallel.ForAsync(0, SessionCount, parallel, async (i, _) =>
            cookies[i] = await _form.SignInAsync(names[i], password));
        Add("redisBytesPerSession", (double)(await MemoryAsync() - before) / SessionCount);
        Cookies = cookies;
    }

    // The memory of all keys. With so few sessions, buffers and growing tables dominate the memory of the whole server.
    private async Task<long> MemoryAsync()
    {
        var database = await Redis.ConnectAsync();
        var sizes = database.Multiplexer.GetServers().Single().Keys(pageSize: 1000).ToList()
            .Select(key => database.ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", "0"));
        return (await Task.WhenAll(sizes)).Sum(size => size.IsNull ? 0 : (long)size);
    }
}
