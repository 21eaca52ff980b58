using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// Reads the key ring when the app starts, and retries until it succeeds. From then on it follows a ring in Redis: when
/// it changes, and every five seconds.
/// </summary>
internal sealed partial class KeyRingService(KeyRing keys, TimeProvider clock, ILogger<KeyRingService> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestoreInterval = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // If possible before the server listens: then no request gets 503.
        await keys.TryReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!keys.IsReady)
        {
            await Task.Delay(RetryInterval, stoppingToken);
            await keys.TryReadAsync(stoppingToken);
        }
        if (keys.InRedis is { } ring)
            await Task.WhenAll(FollowAsync(ring, stoppingToken), RestoreRegularlyAsync(stoppingToken));
    }

    private async Task FollowAsync(RedisKeyRing ring, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var _ in ring.ChangesAsync(cancellationToken))
                    await TryRestoreAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                CannotFollow(logger, failure);
            }
            await Task.Delay(RestoreInterval, clock, cancellationToken);
        }
    }

    private async Task RestoreRegularlyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(RestoreInterval, clock, cancellationToken);
            keys.ForgetMissing();
            await TryRestoreAsync(cancellationToken);
        }
    }

    private async Task TryRestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.RestoreAsync(cancellationToken);
        }
        catch (SessionStoreUnavailableException)
        {
            // It is retried soon, and requests report that Redis is unavailable.
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            CannotRestore(logger, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The data-protection keys in Redis cannot be restored. The node retries.")]
    private static partial void CannotRestore(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning,
        "The data-protection key ring in Redis cannot be followed. The node retries.")]
    private static partial void CannotFollow(ILogger logger, Exception exception);
}
