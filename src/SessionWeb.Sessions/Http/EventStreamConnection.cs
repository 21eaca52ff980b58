namespace SessionWeb.Sessions.Http;

/// <summary>One open event stream.</summary>
/// <param name="key">The session's key.</param>
/// <param name="number">Counts the streams in the order in which they open.</param>
/// <param name="firstHeartbeat">The timestamp of the first heartbeat.</param>
internal sealed class EventStreamConnection(SessionKey key, long number, long firstHeartbeat)
{
    private readonly Lock _gate = new();
    private StreamEvent? _pending;
    private TaskCompletionSource<StreamEvent?>? _reader;
    private bool _isClosed;
    private long _heartbeatAt = firstHeartbeat;
    private DateTimeOffset _warnedOf;

    public SessionKey Key => key;

    public long Number => number;

    /// <summary>Whether the stream was closed because its session or account has too many.</summary>
    public bool IsDisplaced { get; private set; }

    /// <summary>The next event, as soon as there is one; null when the stream is closed. For one reader.</summary>
    public Task<StreamEvent?> NextAsync()
    {
        lock (_gate)
        {
            if (_pending is null && !_isClosed)
                return (_reader = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var next = _pending;
            _pending = null;
            return Task.FromResult(next);
        }
    }

    public void Send(StreamEvent next)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            // A slow reader misses no event that still matters.
            if (_reader is null)
                _pending = _pending?.Combine(next) ?? next;
            else
                Deliver(next);
        }
    }

    /// <summary>Sends a heartbeat if one is due at this timestamp.</summary>
    public void SendHeartbeat(long timestamp, long interval)
    {
        if (timestamp < _heartbeatAt)
            return;
        _heartbeatAt = timestamp + interval;
        Send(StreamEvent.Heartbeat);
    }

    /// <summary>Warns that the session will expire; once, until it is used.</summary>
    public void Warn(Session session)
    {
        if (_warnedOf != session.IdleExpiresAt)
            Send(new(Expiring: session));
        _warnedOf = session.IdleExpiresAt;
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Deliver(null);
        }
    }

    /// <summary>Closes the stream in favor of a newer one.</summary>
    public void Displace()
    {
        IsDisplaced = true;
        Close();
    }

    private void Deliver(StreamEvent? next)
    {
        _reader?.SetResult(next);
        _reader = null;
    }
}
