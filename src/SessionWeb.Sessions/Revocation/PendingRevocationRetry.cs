using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Applies what was recorded and not acknowledged: by a process that died in between, or while the store was unavailable. One that fails
/// keeps no other waiting.
/// </summary>
internal sealed partial class PendingRevocationRetry(
    ISessionStore store, IRevocationJournal journal, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<PendingRevocationRetry> logger)
    : BackgroundService
{
    // Most of the time that one takes is waiting.
    private const int AtOnce = 16;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPace = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace);
        while (await NextAsync(timer, stoppingToken))
            try
            {
                // Whoever recorded it is given the time that applying it takes.
                var pending = await journal.PendingAsync(Lease.Outlasts(options.Value.Lease) + Pace, stoppingToken);
                await Parallel.ForEachAsync(
                    pending.Where(IsDue), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                    async (intent, _) => await ApplyAsync(intent));
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                CannotRead(logger, failure);
            }
    }

    private bool IsDue(RevocationRequest intent) => !_failed.TryGetValue(intent.Id, out var at) || clock.GetElapsedTime(at) > RetryPace;

    private async Task ApplyAsync(RevocationRequest intent)
    {
        try
        {
            await store.RevokeAsync(intent, CancellationToken.None);
            _failed.TryRemove(intent.Id, out _);
        }
        catch (Exception failure)
        {
            _failed[intent.Id] = clock.GetTimestamp();
            Failed(logger, intent.Id, intent.Account?.Value ?? "everyone", failure);
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
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

    [LoggerMessage(1, LogLevel.Warning, "Pending revocations cannot be read from the journal; the node retries.")]
    private static partial void CannotRead(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Revocation {Id} of {Account} cannot be applied; the node retries.")]
    private static partial void Failed(ILogger logger, string id, string account, Exception exception);
}
