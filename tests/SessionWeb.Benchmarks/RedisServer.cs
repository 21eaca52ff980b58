using StackExchange.Redis;

namespace SessionWeb.Benchmarks;

/// <summary>A redis-server in a separate process, without persistence.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string SnapshotName = "dump.rdb";

    private RedisServer(int port, ServerProcess process) => (Port, Process) = (port, process);

    public int Port { get; }

    public ServerProcess Process { get; }

    public string Configuration => ConfigurationOf(Port);

    public static Task<RedisServer> StartAsync() => StartAsync(FreePort.Next(), null);

    /// <param name="port">The port that it listens on.</param>
    /// <param name="snapshot">The file that it loads; null for none.</param>
    public static async Task<RedisServer> StartAsync(int port, string? snapshot) =>
        new(port, await ServerProcess.StartAsync(
            data =>
            {
                if (snapshot is not null)
                    File.Copy(snapshot, Path.Combine(data, SnapshotName));
                return new ChildProcess(
                    "redis-server",
                    ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", data, "--save", "", "--appendonly", "no"]);
            },
            () => Loopback.IsListeningAsync(port)));

    /// <summary>Saves a snapshot.</summary>
    /// <returns>The file.</returns>
    public async Task<string> SaveAsync()
    {
        var server = await ConnectAsync();
        using var connection = server.Multiplexer;
        await server.ExecuteAsync("SAVE");
        return Path.Combine(Process.Data, SnapshotName);
    }

    public async Task<IServer> ConnectAsync() =>
        (await ConnectionMultiplexer.ConnectAsync($"{Configuration},allowAdmin=true,syncTimeout=30000"))
            .GetServer("127.0.0.1", Port);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    public static string ConfigurationOf(int port) => $"127.0.0.1:{port}";
}
