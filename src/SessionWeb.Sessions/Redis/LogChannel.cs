using System.Collections.Concurrent;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The messages that scripts publish about the revocation log. They may be lost; the log itself has everything.
/// </summary>
internal sealed class LogChannel(LogConnections connections, TimeProvider clock)
{
    private const int MaxPublished = 1000;

    private readonly ConcurrentQueue<PublishedEntry> _published = new();

    private event Action<PublishedAcknowledgement>? Acknowledged;

    public PublishedEntry? Take() => _published.TryDequeue(out var published) ? published : null;

    public AcknowledgementCollector CollectAcknowledgements()
    {
        var collector = new AcknowledgementCollector(clock, disposed => Acknowledged -= disposed.Add);
        Acknowledged += collector.Add;
        return collector;
    }

    public Task ListenAsync(Action renew, CancellationToken cancellationToken) => Task.WhenAll(
        ForEachAsync(RedisKeys.Appended, message => OnAppended(message, renew), cancellationToken),
        ForEachAsync(RedisKeys.Acknowledged, OnAcknowledged, cancellationToken));

    private void OnAppended(string message, Action renew)
    {
        // What does not fit, or cannot be read, is read from the log.
        if (_published.Count < MaxPublished && LogFormat.TryReadPublishedEntry(message) is { } entry)
            _published.Enqueue(entry);
        renew();
    }

    private void OnAcknowledged(string message)
    {
        if (LogFormat.TryReadAcknowledgement(message) is { } acknowledgement)
            Acknowledged?.Invoke(acknowledgement);
    }

    private async Task ForEachAsync(string channel, Action<string> act, CancellationToken cancellationToken)
    {
        await foreach (var message in connections.Reading.ListenAsync(channel, cancellationToken))
            act(message ?? "");
    }
}
