namespace SessionWeb.Benchmarks;

/// <summary>Starts Redis servers without persistence.</summary>
internal static class RedisServers
{
    /// <param name="port">The port that it listens on; a free one by default.</param>
    /// <param name="snapshot">The file that it loads; null for none.</param>
    public static async Task<RedisServer> StartAsync(int? port = null, string? snapshot = null)
    {
        var redis = new RedisServer { Port = port ?? FreePort.Next(), Arguments = ["--appendonly", "no"] };
        if (snapshot is not null)
            File.Copy(snapshot, redis.Snapshot);
        await redis.StartAsync();
        return redis;
    }
}
