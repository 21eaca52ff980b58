using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Comparison;

internal static class RedisInfo
{
    /// <summary>Reads a number from a section of INFO.</summary>
    public static async Task<long> ReadInfoAsync(this IServer server, string section, string name) =>
        long.Parse((await server.InfoAsync(section)).SelectMany(group => group).Single(line => line.Key == name).Value);
}
