using System.Net.Sockets;
using System.Text;

namespace SessionWeb.Checker;

/// <summary>A redis-server that keeps data only in explicit snapshots: a kill loses all later writes.</summary>
internal sealed class RedisProcess(string directory) : IDisposable
{
    private static readonly string[] RewriteFields = ["aof_rewrite_scheduled", "aof_rewrite_in_progress"];

    private readonly string _aof = Path.Combine(directory, "appendonlydir");
    private readonly string _aofCopy = Path.Combine(directory, "older-aof");
    private ServerProcess? _process;

    public int Port { get; } = ServerProcess.FreePort();

    public Task StartAsync() => StartAsync(appendOnly: "no");

    /// <summary>Turns on the append-only file and copies its current content.</summary>
    public async Task CopyAofAsync()
    {
        await ExecuteAsync("CONFIG SET appendonly yes");
        foreach (var field in RewriteFields)
            await Wait.UntilAsync(async () => await InfoAsync("persistence", field) == 0, "Redis has written its AOF");
        Copy(_aof, _aofCopy);
    }

    /// <summary>Starts Redis with the copy of the append-only file.</summary>
    public async Task StartFromAofAsync()
    {
        Copy(_aofCopy, _aof);
        await StartAsync(appendOnly: "yes");
        await ExecuteAsync("CONFIG SET appendonly no");
        Directory.Delete(_aof, recursive: true);
    }

    /// <summary>Takes a snapshot.</summary>
    public async Task SaveAsync()
    {
        if (await ExecuteAsync("SAVE") is var reply && reply != "+OK")
            throw new InvalidOperationException($"SAVE failed: {reply}");
    }

    public Task<long> UsedMemoryAsync() => InfoAsync("memory", "used_memory");

    /// <summary>Makes all entries of the revocation log appear older by this time.</summary>
    public async Task BackdateLogAsync(TimeSpan by)
    {
        var script = "local log = 'sw:log' local entries = redis.call('ZRANGE', log, 0, -1, 'WITHSCORES') "
            + "for i = 1, #entries, 2 do "
            + "local older = string.gsub(entries[i], ' (%d%d%d%d%d%d%d%d%d%d%d%d%d) ', "
            + $"function(at) return ' ' .. string.format('%.0f', at - {by.TotalMilliseconds:0}) .. ' ' end, 1) "
            + "redis.call('ZREM', log, entries[i]) redis.call('ZADD', log, entries[i + 1], older) end "
            + "return redis.status_reply('OK')";
        if (await ExecuteAsync($"EVAL \"{script}\" 0") is var reply && reply != "+OK")
            throw new InvalidOperationException($"EVAL failed: {reply}");
    }

    public void Suspend() => _process!.Suspend();

    public void Resume() => _process!.Resume();

    public void Kill() => _process!.Kill();

    /// <summary>Makes Redis empty at its next start.</summary>
    public void DeleteSnapshot() => File.Delete(Path.Combine(directory, "dump.rdb"));

    public void Dispose() => _process?.Dispose();

    /// <returns>The first line of the reply.</returns>
    public async Task<string> ExecuteAsync(string command)
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
        await Wait.UntilAsync(async () => await ExecuteAsync("PING") == "+PONG", "Redis answers");
    }

    private async Task<long> InfoAsync(string section, string field)
    {
        using var client = new TcpClient();
        using var reader = await SendAsync(client, $"INFO {section}");
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith($"{field}:", StringComparison.Ordinal))
                return long.Parse(line[(field.Length + 1)..]);
        throw new InvalidOperationException($"INFO {section} does not contain {field}.");
    }

    private async Task<StreamReader> SendAsync(TcpClient client, string command)
    {
        await client.ConnectAsync("127.0.0.1", Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
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
