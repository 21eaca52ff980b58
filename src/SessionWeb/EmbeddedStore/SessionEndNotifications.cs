using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>
/// Notifies subscribers of the accounts whose sessions ended: in this process immediately, in another process (the
/// command line) within a second. For the latter, each subscription polls the database once a second.
/// </summary>
internal sealed class SessionEndNotifications(TimeProvider time)
{
    public static readonly AccountTag AllAccounts = new("");

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Channel<AccountTag?>, bool> _subscribers = new();

    public void Publish(AccountTag account)
    {
        foreach (var (subscriber, _) in _subscribers)
            subscriber.Writer.TryWrite(account == AllAccounts ? null : account);
    }

    /// <returns>
    /// The accounts whose sessions ended. Null means that sessions of any account may have ended; it comes first.
    /// </returns>
    public async IAsyncEnumerable<AccountTag?> SubscribeAsync(
        Func<long, CancellationToken, Task<List<string>>> endedSinceAsync,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<AccountTag?>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _subscribers.TryAdd(channel, true);
        var polling = PollAsync(channel.Writer, endedSinceAsync, stop.Token);
        try
        {
            yield return null;
            await foreach (var account in channel.Reader.ReadAllAsync(cancellationToken))
                yield return account;
        }
        finally
        {
            _subscribers.TryRemove(channel, out _);
            await stop.CancelAsync();
            await polling;
        }
    }

    private async Task PollAsync(
        ChannelWriter<AccountTag?> ended, Func<long, CancellationToken, Task<List<string>>> endedSinceAsync,
        CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            using var timer = new PeriodicTimer(PollInterval, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    // Polls overlap by one interval: a transaction sets its time before it commits, and the previous
                    // poll may have missed it.
                    var until = time.GetUtcNow().ToUnixTimeMilliseconds();
                    var from = since - (long)PollInterval.TotalMilliseconds;
                    foreach (var account in await endedSinceAsync(from, cancellationToken))
                        ended.TryWrite(new AccountTag(account));
                    since = until;
                }
                catch (SessionStoreUnavailableException)
                {
                    ended.TryWrite(null);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
