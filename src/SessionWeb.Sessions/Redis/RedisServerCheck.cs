using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// Checks whether the Redis server would keep sessions and revocations, at most once per second and after each
/// reconnection: it may have been reconfigured, or be another one. Restores what a new one lacks.
/// </summary>
internal sealed partial class RedisServerCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LogConnections _connections;
    private readonly IEnumerable<IRestorable> _restorable;
    private readonly TimeProvider _clock;
    private readonly ILogger<RedisServerCheck> _logger;
    private volatile bool _isDue = true;
    private long _checkedAt;
    private volatile string? _problem;

    public RedisServerCheck(
        LogConnections connections, IEnumerable<IRestorable> restorable, TimeProvider clock,
        ILogger<RedisServerCheck> logger)
    {
        (_connections, _restorable, _clock, _logger) = (connections, restorable, clock, logger);
        connections.Reading.Lost += () => _isDue = true;
    }

    /// <summary>Why the server is unsupported; null if it is supported. Checked again if that is due.</summary>
    public async Task<string?> ProblemAsync()
    {
        if (!_isDue && _clock.GetElapsedTime(_checkedAt) <= Interval)
            return _problem;
        try
        {
            return await CheckAsync();
        }
        catch (SessionStoreUnavailableException)
        {
            return _problem;
        }
    }

    /// <summary>Checks now. Returns why the server is unsupported; null if it is supported.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    public async Task<string?> CheckAsync()
    {
        (_isDue, _checkedAt) = (false, _clock.GetTimestamp());
        var problem = await _connections.Reading.RunAsync(ReadProblemAsync);
        if (problem is not null && _problem is null)
            IsUnsupported(_logger, problem);
        return _problem = problem;
    }

    /// <summary>Restores the data that a new or restarted Redis lacks.</summary>
    public async Task RestoreAsync()
    {
        foreach (var data in _restorable)
        {
            try
            {
                await data.RestoreAsync(CancellationToken.None);
            }
            catch (SessionStoreUnavailableException failure)
            {
                CannotRestore(_logger, failure);
            }
        }
    }

    private static async Task<string?> ReadProblemAsync(IDatabase redis)
    {
        var memory = ((string)(await redis.ScriptEvaluateAsync(RedisScripts.Memory))!).Split("\r\n");
        var policy = memory
            .FirstOrDefault(line => line.StartsWith("maxmemory_policy:", StringComparison.Ordinal))?.Split(':')[1];
        return memory.Contains("maxmemory:0") || policy is null or "noeviction"
            ? null
            : $"Redis has the maxmemory-policy {policy}, which evicts sessions and revocations when memory is full. "
                + "The maxmemory-policy must be noeviction.";
    }

    [LoggerMessage(1, LogLevel.Critical, "No session is accepted: {Problem}")]
    private static partial void IsUnsupported(ILogger logger, string problem);

    [LoggerMessage(2, LogLevel.Warning, "The data that Redis lost cannot be restored yet. The node retries.")]
    private static partial void CannotRestore(ILogger logger, Exception exception);
}
