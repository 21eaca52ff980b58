using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revoking;

/// <summary>Carries out what was written down and not acknowledged: by a node that died in between, or while Redis could not be used.</summary>
internal sealed partial class PendingRevocations(Revoker revoker, IServiceProvider services, IOptions<SessionsOptions> options, ILogger<PendingRevocations> logger)
    : BackgroundService
{
    // Most of the time that one takes is waiting.
    private const int AtOnce = 16;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<IRevocationIntents>() is not { } intents)
            return;
        using var timer = new PeriodicTimer(Pace);
        while (await Next(timer, stoppingToken))
            try
            {
                // Whoever wrote it down is given the time that it takes.
                await Parallel.ForEachAsync(
                    await intents.PendingAsync(Lease.Outlasts(options.Value.Lease) + Pace, stoppingToken),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                    async (intent, cancel) => await revoker.CarryOutAsync(intent, cancel));
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                AreStillPending(logger, failure);
            }
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Revocations are still pending.")]
    private static partial void AreStillPending(ILogger logger, Exception exception);
}
