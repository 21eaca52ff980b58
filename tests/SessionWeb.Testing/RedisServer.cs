using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace SessionWeb.Testing;

/// <summary>A redis-server on a free port, in a temporary directory.</summary>
public class RedisServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentBag<ConnectionMultiplexer> _connections = [];
    private ChildProcess? _process;

    public int Port { get; init; } = FreePort.Next();

    /// <summary>The directory of its snapshot and its append-only file.</summary>
    public string DataDirectory => _directory.FullPath;

    /// <summary>The file of the snapshot, which Redis loads when it starts without an append-only file.</summary>
    public string Snapshot => Path.Combine(DataDirectory, "dump.rdb");

    public ChildProcess Process => _process!;

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
        await Wait.UntilAsync(async () => await ExecuteAsync("PING") == "+PONG", "redis-server replies");
    }

    /// <summary>
    /// Syncs every write, so that none is lost by <see cref="Kill"/>. The default is once per second.
    /// </summary>
    public async Task SyncEveryWriteAsync() =>
        await (await ConnectAsync()).ExecuteAsync("CONFIG", "SET", "appendfsync", "always");

    /// <summary>Takes a snapshot.</summary>
    public async Task SaveAsync()
    {
        if (await ExecuteAsync("SAVE") is var reply && reply != "+OK")
            throw new InvalidOperationException($"SAVE failed: {reply}");
    }

    /// <summary>Reads a number from a section of INFO.</summary>
    public async Task<long> InfoAsync(string section, string field)
    {
        var info = await ExecuteAsync($"INFO {section}");
        var line = info.Split("\r\n").FirstOrDefault(line => line.StartsWith($"{field}:", StringComparison.Ordinal));
        return line is null
            ? throw new InvalidOperationException($"INFO {section} does not contain {field}.")
            : long.Parse(line[(field.Length + 1)..]);
    }

    /// <summary>Sends SIGKILL and waits for the exit.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Executes a command without a client library.</summary>
    /// <returns>The reply: its first line, or the text of a bulk string.</returns>
    public async Task<string> ExecuteAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
        using var reader = new StreamReader(client.GetStream());
        var line = await reader.ReadLineAsync() ?? "";
        if (line is not ['$', not '-', ..])
            return line;
        var text = new char[int.Parse(line[1..])];
        await reader.ReadBlockAsync(text);
        return new(text);
    }

    public void Suspend() => _process!.Suspend();

    public void Resume() => _process!.Resume();

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
        {
            dump[key!] = await redis.KeyTypeAsync(key) switch
            {
                RedisType.Hash => Lines(
                    (await redis.HashGetAllAsync(key)).Select(entry => $"{entry.Name} {Latin(entry.Value)}")),
                RedisType.SortedSet => Lines(
                    (await redis.SortedSetRangeByRankAsync(key)).Select(entry => entry.ToString())),
                RedisType.List => Lines((await redis.ListRangeAsync(key)).Select(entry => entry.ToString())),
                _ => Latin(await redis.StringGetAsync(key)),
            };
        }

        return dump;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var connection in _connections)
            connection.Dispose();
        _process?.Dispose();
        _directory.Dispose();
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private static string Latin(RedisValue value) => Encoding.Latin1.GetString((byte[]?)value ?? []);
}
