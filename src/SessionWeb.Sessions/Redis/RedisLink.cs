using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>One connection of the client, until it is replaced.</summary>
internal sealed class RedisLink(Task<ConnectionMultiplexer> connecting) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _replaced = new();
    private int _isProbed;

    public Task<ConnectionMultiplexer> Connecting => connecting;

    public CancellationToken Replaced => _replaced.Token;

    /// <summary>Whether the caller may probe the connection: only one does at a time.</summary>
    public bool TryBeginProbe() => Interlocked.Exchange(ref _isProbed, 1) == 0;

    public void EndProbe() => Volatile.Write(ref _isProbed, 0);

    /// <summary>Whether Redis responds in time. An error is a response, too.</summary>
    public async Task<bool> RespondsAsync(TimeSpan timeout)
    {
        try
        {
            await (await connecting.WaitAsync(timeout)).GetDatabase().PingAsync().WaitAsync(timeout);
            return true;
        }
        catch (RedisServerException)
        {
            return true;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Subscribes, and retries until it succeeds.</summary>
    /// <returns>Null if the connection was replaced before.</returns>
    public async Task<ConnectionMultiplexer?> SubscribeAsync(
        RedisChannel channel, Action<RedisChannel, RedisValue> received, CancellationToken cancellationToken)
    {
        while (!Replaced.IsCancellationRequested)
        {
            try
            {
                var connection = await connecting.WaitAsync(cancellationToken);
                await connection.GetSubscriber().SubscribeAsync(channel, received).WaitAsync(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (failure is RedisException or ObjectDisposedException)
            {
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }

        return null;
    }

    public void Dispose()
    {
        _replaced.Cancel();
        // In the background: a connection that does not respond does not close quickly either.
        _ = connecting.ContinueWith(
            done => done.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);
    }
}
