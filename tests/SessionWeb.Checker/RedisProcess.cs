using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Checker;

/// <summary>A Redis that can be killed and comes back as it was at its last snapshot: whatever came later is lost.</summary>
internal sealed class RedisProcess(string directory) : IDisposable
{
    private static readonly string[] RewritingFields = ["aof_rewrite_scheduled", "aof_rewrite_in_progress"];

    private readonly string _aof = Path.Combine(directory, "appendonlydir");
    private readonly string _olderAof = Path.Combine(directory, "older-aof");
    private ServerProcess? _process;

    public int Port { get; } = ServerProcess.FreePort();

    public Task StartAsync() => StartAsync("no");

    /// <summary>Has it write an append-only file from now on, and keeps a copy of that as it is then.</summary>
    public async Task KeepAofAsync()
    {
        await SayAsync("CONFIG SET appendonly yes");
        foreach (var rewriting in RewritingFields)
            await Wait.ForAsync(
                async () => await InfoAsync("persistence", rewriting) == 0, "Redis has an append-only file");
        Copy(_aof, _olderAof);
    }

    /// <summary>Starts it with the copy of the append-only file.</summary>
    public async Task StartFromAofAsync()
    {
        Copy(_olderAof, _aof);
        await StartAsync("yes");
        await SayAsync("CONFIG SET appendonly no");
        Directory.Delete(_aof, recursive: true);
    }

    /// <summary>Takes a snapshot.</summary>
    public async Task SaveAsync()
    {
        if (await SayAsync("SAVE") is var answer && answer != "+OK")
            throw new InvalidOperationException($"SAVE: {answer}");
    }

    public Task<long> UsedMemoryAsync() => InfoAsync("memory", "used_memory");

    /// <summary>Has all entries of the revocation log written that much earlier than they were.</summary>
    public async Task AgeLogAsync(TimeSpan by)
    {
        var script = "local log = 'sw:log' local entries = redis.call('ZRANGE', log, 0, -1, 'WITHSCORES') "
            + "for i = 1, #entries, 2 do "
            + "local aged = string.gsub(entries[i], ' (%d%d%d%d%d%d%d%d%d%d%d%d%d) ', "
            + $"function(at) return ' ' .. string.format('%.0f', at - {by.TotalMilliseconds:0}) .. ' ' end, 1) "
            + "redis.call('ZREM', log, entries[i]) redis.call('ZADD', log, entries[i + 1], aged) end "
            + "return redis.status_reply('OK')";
        if (await SayAsync($"EVAL \"{script}\" 0") is var answer && answer != "+OK")
            throw new InvalidOperationException($"EVAL: {answer}");
    }

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    public void Kill() => _process!.Kill();

    /// <summary>Makes it forget everything at its next start.</summary>
    public void LoseSnapshot() => File.Delete(Path.Combine(directory, "dump.rdb"));

    public void Dispose() => _process?.Dispose();

    /// <returns>The first line of the answer.</returns>
    public async Task<string> SayAsync(string command)
    {
        using var client = new TcpClient();
        using var reader = await SendAsync(client, command);
        return await reader.ReadLineAsync() ?? "";
    }

    private async Task StartAsync(string appendOnly)
    {
        _process?.Dispose();
        _process = new(
            "redis-server", "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", directory, "--save", "",
            "--appendonly", appendOnly);
        await Wait.ForAsync(async () => await SayAsync("PING") == "+PONG", "Redis answers");
    }

    private async Task<long> InfoAsync(string section, string field)
    {
        using var client = new TcpClient();
        using var reader = await SendAsync(client, $"INFO {section}");
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith(field + ":", StringComparison.Ordinal))
                return long.Parse(line[(field.Length + 1)..]);
        throw new InvalidOperationException($"INFO {section} has no {field}.");
    }

    private async Task<StreamReader> SendAsync(TcpClient client, string command)
    {
        await client.ConnectAsync("127.0.0.1", Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        return new(client.GetStream());
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
