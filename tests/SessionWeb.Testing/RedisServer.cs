using System.Collections.Concurrent;
using StackExchange.Redis;

namespace SessionWeb.Testing;

/// <summary>A redis-server on a free port, in a temporary directory.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentBag<ConnectionMultiplexer> _connections = [];
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public string Configuration => $"127.0.0.1:{Port},allowAdmin=true";

    /// <summary>More arguments of redis-server, for the next start.</summary>
    public string[] Arguments { get; set; } = ["--appendonly", "yes", "--appendfsync", "everysec"];

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        _process?.Dispose();
        _process = new("redis-server", [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", _directory.FullPath, "--save", "",
            "--maxmemory-policy", "noeviction", .. Arguments]);
        await Eventually.TrueAsync(() => Loopback.IsListeningAsync(Port), "redis-server accepts connections");
    }

    /// <summary>
    /// Syncs every write, so that none is lost by <see cref="Kill"/>. The default is once per second.
    /// </summary>
    public async Task SyncEveryWriteAsync() =>
        await (await ConnectAsync()).ExecuteAsync("CONFIG", "SET", "appendfsync", "always");

    /// <summary>Sends SIGKILL and waits for the exit.</summary>
    public void Kill() => _process!.Kill();

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    /// <summary>A new connection, which stays open until the server is disposed.</summary>
    public async Task<IDatabase> ConnectAsync()
    {
        // The client closes an unreferenced connection even if a command is pending.
        var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        _connections.Add(connection);
        return connection.GetDatabase();
    }

    /// <summary>The number of session reads. Only the session scripts use HMGET.</summary>
    public Task<long> SessionReadsAsync() => CallsAsync("hmget");

    /// <summary>The number of executions of a command.</summary>
    public async Task<long> CallsAsync(string command)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        return (await connection.GetDatabase().CallsAsync()).GetValueOrDefault(command);
    }

    /// <summary>Every key with its value as text, for all Redis types.</summary>
    public async Task<Dictionary<string, string>> DumpAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        var redis = connection.GetDatabase();
        var dump = new Dictionary<string, string>();
        foreach (var key in connection.GetServer($"127.0.0.1:{Port}").Keys())
            dump[key!] = await redis.KeyTypeAsync(key) switch
            {
                RedisType.Hash => Lines(
                    (await redis.HashGetAllAsync(key)).Select(entry => $"{entry.Name} {Latin(entry.Value)}")),
                RedisType.SortedSet => Lines(
                    (await redis.SortedSetRangeByRankAsync(key)).Select(entry => entry.ToString())),
                RedisType.List => Lines((await redis.ListRangeAsync(key)).Select(entry => entry.ToString())),
                _ => Latin(await redis.StringGetAsync(key)),
            };
        return dump;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        _process?.Dispose();
        _directory.Dispose();
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private static string Latin(RedisValue value) => System.Text.Encoding.Latin1.GetString((byte[]?)value ?? []);
}
