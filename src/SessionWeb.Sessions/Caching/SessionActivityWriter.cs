using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// Records the activity of sessions in the store, in the background: once per session and step (a twentieth of the idle
/// timeout), however many requests there are. A write that is late or lost shortens the idle timeout by a step.
/// </summary>
internal sealed class SessionActivityWriter(ISessionStore store, IOptions<SessionsOptions> options, TimeProvider clock)
    : BackgroundService
{
    private const int Capacity = 10_000;

    private readonly TimeSpan _step = options.Value.TouchStep;
    private readonly long _checkInterval = (long)(options.Value.TouchStep.TotalSeconds / 20 * clock.TimestampFrequency);
    private readonly ConcurrentDictionary<SessionKey, long> _recordedAt = new();
    private readonly Channel<SessionKey> _queue = Channel.CreateBounded<SessionKey>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Whether <see cref="Record(LoadedSession)"/> might do anything now.</summary>
    public bool IsDue(LoadedSession loaded) => loaded.IsActivityDue(clock.GetTimestamp());

    public void Record(LoadedSession loaded)
    {
        var now = clock.GetTimestamp();
        if (loaded.TryTakeActivity(now, _checkInterval))
            Record(loaded.Read.Session!, now);
    }

    private void Record(Session session, long now)
    {
        if (_recordedAt.TryGetValue(session.Key, out var last))
        {
            if (clock.GetElapsedTime(last, now) >= _step && _recordedAt.TryUpdate(session.Key, now, last))
                _queue.Writer.TryWrite(session.Key);
            return;
        }
        // Another node may have recorded activity. Clocks differ, so the session's time counts for one step at most.
        var age = TimeSpan.FromTicks(Math.Clamp((clock.GetUtcNow() - session.LastSeenAt).Ticks, 0, _step.Ticks));
        var isDue = age >= _step;
        var since = isDue ? now : now - (long)(age.TotalSeconds * clock.TimestampFrequency);
        if (_recordedAt.TryAdd(session.Key, since) && isDue)
            _queue.Writer.TryWrite(session.Key);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweptAt = clock.GetTimestamp();
        try
        {
            await foreach (var key in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await TouchAsync(key, stoppingToken);
                if (clock.GetElapsedTime(sweptAt) < _step)
                    continue;
                sweptAt = clock.GetTimestamp();
                foreach (var (session, at) in _recordedAt)
                {
                    if (clock.GetElapsedTime(at, sweptAt) >= _step)
                        _recordedAt.TryRemove(session, out _);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app stops, or failed to start.
        }
    }

    private async Task TouchAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchAsync(key, cancellationToken);
        }
        catch (SessionStoreUnavailableException)
        {
            // The session's next request tries again.
            _recordedAt.TryRemove(key, out _);
        }
    }
}
