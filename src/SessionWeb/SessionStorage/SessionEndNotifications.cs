using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>
/// Tells listeners whose sessions were ended: by this process at once, by another one (the command line) within a second, for which the
/// database is asked once a second while anybody listens.
/// </summary>
internal sealed class SessionEndNotifications(TimeProvider time)
{
    /// <summary>Stands for everybody.</summary>
    public static readonly AccountTag Anyone = new("");

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Channel<AccountTag?>, bool> _listeners = new();

    public void Tell(AccountTag account)
    {
        foreach (var (listener, _) in _listeners)
            listener.Writer.TryWrite(account == Anyone ? null : account);
    }

    public async IAsyncEnumerable<AccountTag?> ListenAsync(
        Func<long, CancellationToken, Task<List<string>>> endedSinceAsync, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heard = Channel.CreateUnbounded<AccountTag?>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _listeners.TryAdd(heard, true);
        var looking = LookAsync(heard.Writer, endedSinceAsync, stop.Token);
        try
        {
            yield return null;
            await foreach (var account in heard.Reader.ReadAllAsync(cancellationToken))
                yield return account;
        }
        finally
        {
            _listeners.TryRemove(heard, out _);
            await stop.CancelAsync();
            await looking;
        }
    }

    private async Task LookAsync(ChannelWriter<AccountTag?> heard, Func<long, CancellationToken, Task<List<string>>> endedSinceAsync, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            using var timer = new PeriodicTimer(LookEvery, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
                try
                {
                    // A second before the last look again: what was being written then had its time already.
                    var until = time.GetUtcNow().ToUnixTimeMilliseconds();
                    foreach (var account in await endedSinceAsync(since - (long)LookEvery.TotalMilliseconds, cancellationToken))
                        heard.TryWrite(new AccountTag(account));
                    since = until;
                }
                catch (SessionStoreUnavailableException)
                {
                    heard.TryWrite(null);
                }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
