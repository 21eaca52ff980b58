using StackExchange.Redis;

namespace SessionWeb.Hosting;

/// <summary>The setting <c>ConnectionStrings:Redis</c>.</summary>
internal static class RedisConnectionString
{
    /// <returns>Null if the setting is empty: the node is embedded, without Redis.</returns>
    /// <exception cref="StartupException">The setting is malformed.</exception>
    public static string? Read(IConfiguration configuration)
    {
        if (configuration.GetConnectionString("Redis") is not { Length: > 0 } redis)
            return null;
        try
        {
            if (ConfigurationOptions.Parse(redis).EndPoints.Count > 0)
                return redis;
        }
        catch (ArgumentException)
        {
        }
        // The value is not in the message, because it may contain a password.
        throw new StartupException(
            "ConnectionStrings:Redis must be host:port and options, such as localhost:6379,password=…, "
            + "but is malformed.");
    }
}
