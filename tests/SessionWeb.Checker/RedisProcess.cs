using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Checker;

/// <summary>A Redis that can be killed and comes back as it was at its last snapshot: whatever came later is lost.</summary>
internal sealed class RedisProcess(string directory) : IDisposable
{
    private ServerProcess? _process;

    public int Port { get; } = ServerProcess.FreePort();

    public async Task StartAsync()
    {
        _process = new("redis-server", "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", directory, "--save", "", "--appendonly", "no");
        await Wait.ForAsync(async () => await SayAsync("PING") == "+PONG", "Redis answers");
    }

    /// <summary>Takes a snapshot.</summary>
    public async Task SaveAsync()
    {
        if (await SayAsync("SAVE") is var answer && answer != "+OK")
            throw new InvalidOperationException($"SAVE: {answer}");
    }

    public Task<string> KillSubscribersAsync() => SayAsync("CLIENT KILL TYPE pubsub");

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    public void Kill() => _process!.Kill();

    /// <summary>Makes it forget everything at its next start.</summary>
    public void LoseSnapshot() => File.Delete(Path.Combine(directory, "dump.rdb"));

    public void Dispose() => _process?.Dispose();

    private async Task<string> SayAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }
}
