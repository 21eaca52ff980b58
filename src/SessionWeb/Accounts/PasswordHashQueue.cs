using System.Threading.RateLimiting;

namespace SessionWeb.Accounts;

/// <summary>
/// Where passwords wait to be hashed. One takes a processor for a tenth of a second and more, on purpose: as many at once as there are processors, on
/// threads of their own, so that whoever sends them by the hundred keeps others who sign in waiting, and nobody who is signed in.
/// </summary>
internal sealed partial class PasswordHashQueue(ILogger<PasswordHashQueue> logger) : IDisposable
{
    /// <summary>How many wait at most: for some ten seconds, at the default cost.</summary>
    public static readonly int Longest = 50 * Environment.ProcessorCount;

    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = Environment.ProcessorCount, QueueLimit = Longest });

    /// <param name="hash">Hashes one password, or verifies one.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <exception cref="PasswordHashQueueFullException">So many wait that this one does not.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        using var turn = await _limiter.AcquireAsync(1, cancellationToken);
        if (!turn.IsAcquired)
        {
            IsFull(logger, Longest);
            throw new PasswordHashQueueFullException();
        }
        return await Task.Factory.StartNew(hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose() => _limiter.Dispose();

    [LoggerMessage(1, LogLevel.Warning, "A password was not checked: {Count} others wait already.")]
    private static partial void IsFull(ILogger logger, int count);
}

/// <summary>More people sign in at once than can be checked in time.</summary>
internal sealed class PasswordHashQueueFullException() : Exception("Too many sign-ins are in progress. Try again in a few seconds.");
