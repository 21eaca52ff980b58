using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>The connections of a node to Redis.</summary>
internal static class RedisConnections
{
    /// <summary>
    /// Waits until all are open. A loaded machine may take longer than one attempt, and a command fails meanwhile.
    /// </summary>
    public static async Task WaitForRedisAsync(this IServiceProvider services)
    {
        var log = services.GetRequiredService<LogConnections>();
        foreach (var connection in new[] { services.GetRequiredService<RedisConnection>(), log.Reading, log.Writing })
            await Wait.UntilAsync(() => RespondsAsync(connection), "the node has connected to Redis");
    }

    private static async Task<bool> RespondsAsync(RedisConnection connection)
    {
        try
        {
            await connection.RunAsync(redis => redis.PingAsync());
            return true;
        }
        catch (SessionStoreUnavailableException)
        {
            return false;
        }
    }
}
