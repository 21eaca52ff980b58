namespace SessionWeb.Checker;

/// <summary>A redis-server that keeps data only in explicit snapshots: a kill loses all later writes.</summary>
internal sealed class RedisProcess : RedisServer
{
    private static readonly string[] WithoutAof = ["--appendonly", "no"];
    private static readonly string[] WithAof = ["--appendonly", "yes"];
    private static readonly string[] RewriteFields = ["aof_rewrite_scheduled", "aof_rewrite_in_progress"];

    private readonly string _aof;
    private readonly string _aofCopy;

    public RedisProcess()
    {
        _aof = Path.Combine(DataDirectory, "appendonlydir");
        _aofCopy = Path.Combine(DataDirectory, "older-aof");
        Arguments = WithoutAof;
    }

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
        Arguments = WithAof;
        await StartAsync();
        Arguments = WithoutAof;
        await ExecuteAsync("CONFIG SET appendonly no");
        Directory.Delete(_aof, recursive: true);
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

    /// <summary>Makes Redis empty at its next start.</summary>
    public void DeleteSnapshot() => File.Delete(Snapshot);

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
