using System.Threading.RateLimiting;

namespace SessionWeb.Accounts;

/// <summary>
/// Queues password hashing, which deliberately takes a processor for at least a tenth of a second. As many passwords
/// are hashed at once as there are processors, on dedicated threads. A sign-in flood therefore delays other sign-ins,
/// but not the requests of signed-in users.
/// </summary>
internal sealed partial class PasswordHashQueue(ILogger<PasswordHashQueue> logger) : IDisposable
{
    /// <summary>The maximum length of the queue: about ten seconds at the default cost.</summary>
    public static readonly int MaxLength = 50 * Environment.ProcessorCount;

    private readonly ConcurrencyLimiter _limiter = new(
        new() { PermitLimit = Environment.ProcessorCount, QueueLimit = MaxLength });

    /// <param name="hash">Hashes or verifies one password.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="PasswordHashQueueFullException">The queue is full.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        using var permit = await _limiter.AcquireAsync(1, cancellationToken);
        if (!permit.IsAcquired)
        {
            QueueIsFull(logger, MaxLength);
            throw new PasswordHashQueueFullException();
        }
        return await Task.Factory.StartNew(
            hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose() => _limiter.Dispose();

    [LoggerMessage(1, LogLevel.Warning, "A password was not checked: {Count} others are already queued.")]
    private static partial void QueueIsFull(ILogger logger, int count);
}
