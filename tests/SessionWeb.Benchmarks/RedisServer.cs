using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks;

/// <summary>A redis-server as a process of its own, which keeps nothing.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private RedisServer(int port, ServerProcess process) => (Port, Process) = (port, process);

    public int Port { get; }

    public ServerProcess Process { get; }

    public string Configuration => ConfigurationOf(Port);

    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort();
        return new(port, await ServerProcess.StartAsync(
            data => new("redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", data, "--save", "", "--appendonly", "no"]),
            async () =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }));
    }

    public async Task<IServer> ConnectAsync() =>
        (await ConnectionMultiplexer.ConnectAsync($"{Configuration},allowAdmin=true,syncTimeout=30000")).GetServer("127.0.0.1", Port);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    public static string ConfigurationOf(int port) => $"127.0.0.1:{port}";
}
