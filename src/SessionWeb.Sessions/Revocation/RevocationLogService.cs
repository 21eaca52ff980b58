using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Revocation;

/// <summary>Renews the lease every half second, and as soon as an entry is published.</summary>
internal sealed partial class RevocationLogService(
    IRevocationLog log, RevocationLogFollower follower, Lease lease, TimeProvider clock,
    ILogger<RevocationLogService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await follower.StartAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await follower.StopAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without its connection the node cannot renew: it drops the lease now, not when it expires.
        log.ConnectionLost += lease.Drop;
        var listening = log.ListenAsync(Renew, stoppingToken);
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await follower.RenewAsync();
                isFailing = false;
            }
            catch (SessionStoreUnavailableException failure)
            {
                if (!isFailing)
                    CannotRenew(logger, failure);
                isFailing = true;
            }
            var pause = Task.Delay(isFailing ? RetryInterval : Interval, clock, stoppingToken);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        log.ConnectionLost -= lease.Drop;
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The regular renewal reports a failure.
    private void Renew() => _ = follower.RenewAsync();

    [LoggerMessage(1, LogLevel.Warning, "The lease cannot be renewed. The session cache is not used until it is.")]
    private static partial void CannotRenew(ILogger logger, Exception exception);
}
