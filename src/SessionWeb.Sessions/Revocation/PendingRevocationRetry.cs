using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Applies the revocations that are recorded and not acknowledged, because a process stopped in between or the store
/// was unavailable. A revocation that fails does not delay the others.
/// </summary>
internal sealed partial class PendingRevocationRetry(
    ISessionStore store, IRevocationJournal journal, IOptions<SessionsOptions> options, TimeProvider clock,
    ILogger<PendingRevocationRetry> logger) : BackgroundService
{
    // Most of the time that a revocation takes is waiting.
    private const int MaxParallel = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                // The process that recorded a revocation gets the time to apply it.
                var pending = await journal.PendingAsync(Lease.Outlasts(options.Value.Lease) + Interval, stoppingToken);
                var due = pending.Where(request =>
                    !_failed.TryGetValue(request.Id, out var at) || clock.GetElapsedTime(at) > RetryInterval);
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallel };
                await Parallel.ForEachAsync(due, parallel, async (request, _) => await ApplyAsync(request));
            }
            catch (Exception failure)
            {
                if (!stoppingToken.IsCancellationRequested)
                    CannotRead(logger, failure);
            }
        }
    }

    private async Task ApplyAsync(RevocationRequest request)
    {
        try
        {
            await store.ApplyAsync(request, CancellationToken.None);
            _failed.TryRemove(request.Id, out _);
        }
        catch (Exception failure)
        {
            _failed[request.Id] = clock.GetTimestamp();
            Failed(logger, request.Id, request.Account?.Value ?? "all accounts", failure);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Pending revocations cannot be read from the journal. The node retries.")]
    private static partial void CannotRead(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Revocation {Id} of {Account} cannot be applied. The node retries.")]
    private static partial void Failed(ILogger logger, string id, string account, Exception exception);
}
