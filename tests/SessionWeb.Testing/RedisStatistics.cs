using StackExchange.Redis;

namespace SessionWeb.Testing;

/// <summary>The command statistics of a Redis server.</summary>
public static class RedisStatistics
{
    /// <summary>The number of calls per command, including calls by scripts.</summary>
    public static async Task<Dictionary<string, long>> CallsAsync(this IDatabase redis) =>
        ((string)(await redis.ExecuteAsync("INFO", "commandstats"))!).Split("\r\n")
            .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(line => line["cmdstat_".Length..].Split([':', '=', ',']))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[2]));

    /// <summary>The number of calls per write command, including calls by scripts.</summary>
    public static async Task<Dictionary<string, long>> WritesAsync(this IDatabase redis)
    {
        var writing = ((string[])(await redis.ExecuteAsync("ACL", "CAT", "write"))!).ToHashSet();
        return (await redis.CallsAsync()).Where(call => writing.Contains(call.Key)).ToDictionary();
    }
}
