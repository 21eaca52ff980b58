using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace SessionWeb.Tests.Servers;

/// <summary>A real redis-server of a test's own, on a free port and in a folder of its own.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessionweb-redis-").FullName;
    private readonly ConcurrentBag<ConnectionMultiplexer> _connections = [];
    private Process? _process;

    public int Port { get; } = FreePort();

    public string Configuration => $"127.0.0.1:{Port},allowAdmin=true";

    /// <summary>Further lines of redis-server's command line, for the next start.</summary>
    public string Arguments { get; set; } = "--appendonly yes --appendfsync everysec";

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server", $"--bind 127.0.0.1 --port {Port} --dir {_folder} --save \"\" --maxmemory-policy noeviction {Arguments}")
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(() =>
        {
            using var client = new TcpClient();
            try
            {
                client.Connect(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, "redis-server answers");
    }

    /// <summary>Whatever was answered from here on outlives a kill -9; otherwise the last second may be lost.</summary>
    public async Task KeepEveryWriteAsync() => await (await ConnectAsync()).ExecuteAsync("CONFIG", "SET", "appendfsync", "always");

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public void Freeze() => ProcessSignals.Freeze(_process!.Id);

    public void Thaw() => ProcessSignals.Thaw(_process!.Id);

    /// <summary>A new connection, which stays open until the server is disposed.</summary>
    public async Task<IDatabase> ConnectAsync()
    {
        // The client closes a connection that nothing refers to, even with a command pending.
        var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        _connections.Add(connection);
        return connection.GetDatabase();
    }

    /// <summary>How often a script looked at a session so far, whatever the log of revocations costs besides.</summary>
    public Task<long> SessionReadsAsync() => CallsAsync("hmget");

    /// <summary>How often a command was executed so far.</summary>
    public async Task<long> CallsAsync(string command)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        var statistics = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        return statistics.Split("\r\n").Where(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0]));
    }

    /// <summary>Every key with its value, in all of Redis' types, as text.</summary>
    public async Task<Dictionary<string, string>> DumpAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        var redis = connection.GetDatabase();
        var dump = new Dictionary<string, string>();
        foreach (var key in connection.GetServer($"127.0.0.1:{Port}").Keys())
            dump[key!] = await redis.KeyTypeAsync(key) switch
            {
                RedisType.Hash => string.Join('\n', (await redis.HashGetAllAsync(key)).Select(entry => $"{entry.Name} {Latin(entry.Value)}")),
                RedisType.SortedSet => string.Join('\n', (await redis.SortedSetRangeByRankAsync(key)).Select(entry => entry.ToString())),
                RedisType.List => string.Join('\n', (await redis.ListRangeAsync(key)).Select(entry => entry.ToString())),
                _ => Latin(await redis.StringGetAsync(key)),
            };
        return dump;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        if (_process is { HasExited: false })
        {
            Thaw();
            await KillAsync();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Latin(RedisValue value) => System.Text.Encoding.Latin1.GetString((byte[]?)value ?? []);
}

internal static class RedisStatistics
{
    /// <summary>How often each command that writes was called, also by scripts.</summary>
    public static async Task<Dictionary<string, long>> WritesAsync(this IDatabase redis)
    {
        var writing = ((string[])(await redis.ExecuteAsync("ACL", "CAT", "write"))!).ToHashSet();
        return ((string)(await redis.ExecuteAsync("INFO", "commandstats"))!).Split("\r\n").Select(line => line.Split([':', '=', ',']))
            .Where(parts => parts.Length > 2).Select(parts => (Command: parts[0]["cmdstat_".Length..], Calls: long.Parse(parts[2])))
            .Where(call => writing.Contains(call.Command)).ToDictionary(call => call.Command, call => call.Calls);
    }
}
