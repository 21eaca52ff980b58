using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The two connections of the revocation log. Sessions are read on a third one, so a renewal never waits for a large
/// reply, nor for the replication of a write.
/// </summary>
internal sealed class LogConnections : IDisposable
{
    public LogConnections(
        ConfigurationOptions configuration, IOptions<SessionsOptions> options, TimeProvider clock,
        ILogger<RedisConnection> logger)
    {
        Reading = new(configuration, options, clock, logger);
        Writing = new(configuration, options, clock, logger);
        Reading.Suspected += Writing.Check;
    }

    /// <summary>Renews, checks, and receives messages.</summary>
    public RedisConnection Reading { get; }

    /// <summary>Appends entries.</summary>
    public RedisConnection Writing { get; }

    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
    }
}
