using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// Notes the use of sessions in the store, behind the requests' backs: per session at most once per step (a twentieth of the idle
/// timeout), however many requests there are. Late or lost, a touch costs a step of idle time and nothing else.
/// </summary>
internal sealed class SessionActivityWriter(ISessionStore store, IOptions<SessionsOptions> options, TimeProvider clock) : BackgroundService
{
    private const int Capacity = 10_000;

    private readonly TimeSpan _step = options.Value.TouchStep;
    private readonly long _pause = (long)(options.Value.TouchStep.TotalSeconds / 20 * clock.TimestampFrequency);
    private readonly ConcurrentDictionary<SessionKey, long> _touched = new();
    private readonly Channel<SessionKey> _queue = Channel.CreateBounded<SessionKey>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Whether it makes a difference to say that a session is used; mostly it was said a moment ago.</summary>
    public bool IsDue(LoadedSession known) => known.IsActivityDue(clock.GetTimestamp());

    public void Record(LoadedSession known)
    {
        var now = clock.GetTimestamp();
        if (known.TryTakeActivity(now, _pause))
            Record(known.Read.Session!, now);
    }

    private void Record(Session session, long now)
    {
        if (_touched.TryGetValue(session.Key, out var last))
        {
            if (clock.GetElapsedTime(last, now) >= _step && _touched.TryUpdate(session.Key, now, last))
                _queue.Writer.TryWrite(session.Key);
        }
        else
        {
            // First seen here: another node may have noted it a moment ago. The clocks differ, so no more than a step is believed.
            var age = TimeSpan.FromTicks(Math.Clamp((clock.GetUtcNow() - session.LastSeenAt).Ticks, 0, _step.Ticks));
            var due = age >= _step;
            var since = due ? now : now - (long)(age.TotalSeconds * clock.TimestampFrequency);
            if (_touched.TryAdd(session.Key, since) && due)
                _queue.Writer.TryWrite(session.Key);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TouchAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A start that failed stops this, too: nothing that anybody needs to read about.
        }
    }

    private async Task TouchAsync(CancellationToken stoppingToken)
    {
        var swept = clock.GetTimestamp();
        await foreach (var key in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await store.TouchAsync(key, stoppingToken);
            }
            catch (SessionStoreUnavailableException)
            {
                // Not noted: the next request tries again.
                _touched.TryRemove(key, out _);
            }

            if (clock.GetElapsedTime(swept) >= _step)
            {
                swept = clock.GetTimestamp();
                foreach (var (old, at) in _touched)
                    if (clock.GetElapsedTime(at, swept) >= _step)
                        _touched.TryRemove(old, out _);
            }
        }
    }
}
