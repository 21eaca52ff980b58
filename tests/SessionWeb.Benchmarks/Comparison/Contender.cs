using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>One of two revisions that are measured side by side, with a Redis, accounts and sessions that its own app made.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private const int Count = 1000;
    private const int WarmUp = 100;
    // A password's hash keeps a core busy.
    private const int AtOnce = 2;
    private const string UserName = "alice";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sessionweb-bench-");
    private readonly Dictionary<string, List<double>> _figures = [];
    private AppNode? _node;
    private SignInForm? _form;

    private Contender(Revision revision, RedisServer redis) => (Revision, Redis) = (revision, redis);

    public Revision Revision { get; }

    public RedisServer Redis { get; }

    /// <summary>The cookies of the sessions, each of another account.</summary>
    public string[] Cookies { get; private set; } = [];

    /// <summary>Starts with <see cref="Cookies"/>, and records how much memory they take in Redis.</summary>
    public static async Task<Contender> StartAsync(Revision revision)
    {
        var contender = new Contender(revision, await RedisServer.StartAsync());
        try
        {
            await contender.FillAsync();
            return contender;
        }
        catch
        {
            await contender.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<double> Of(string figure) => _figures.GetValueOrDefault(figure) ?? [];

    public void Add(string figure, double value)
    {
        if (!_figures.TryGetValue(figure, out var values))
            _figures.Add(figure, values = []);
        values.Add(value);
    }

    /// <summary>A node in Production over these accounts and sessions.</summary>
    public Task<AppNode> StartNodeAsync() => AppNode.StartAsync(Revision, [.. Peer.Production, .. Settings]);

    /// <summary>Signs in through the form, at the node that made the sessions.</summary>
    public async Task SignInAsync() => await _form!.SignInAsync(UserName, await AppNode.PasswordAsync(UserName));

    /// <summary>Stops the node that made the sessions.</summary>
    public async Task StopSigningInAsync()
    {
        _form?.Dispose();
        if (_node is not null)
            await _node.DisposeAsync();
        (_form, _node) = (null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopSigningInAsync();
        await Redis.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private (string Name, string Value)[] Settings =>
    [
        ("ConnectionStrings__Redis", Redis.Configuration), ("DataDirectory", _data.FullName), ("Accounts__BcryptCost", "10"),
        ("Sessions__MaxPerAccount", "10000"),
    ];

    private async Task FillAsync()
    {
        // In Development there are accounts; behind the proxy that speaks https the cookies are those of Production.
        _node = await AppNode.StartAsync(Revision, [("ForwardedHeaders__KnownProxies", "127.0.0.1"), .. Settings]);
        _form = await SignInForm.OpenAsync(_node.Url, isProxied: true);
        for (var i = 0; i < WarmUp; i++)
            await SignInAsync();

        var names = await AccountsDatabase.CopyAccountAsync(_data.FullName, UserName, Count);
        var password = await AppNode.PasswordAsync(UserName);
        var cookies = new string[Count];
        var before = await MemoryAsync();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            cookies[i] = await _form.SignInAsync(names[i], password));
        Add("redisBytesPerSession", (double)(await MemoryAsync() - before) / Count);
        Cookies = cookies;
    }

    // Without the buffers of connections, which come and go.
    private async Task<long> MemoryAsync()
    {
        var server = await Redis.ConnectAsync();
        using var connection = server.Multiplexer;
        return await server.FigureAsync("memory", "used_memory") - await server.FigureAsync("memory", "mem_clients_normal");
    }
}
