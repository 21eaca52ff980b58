namespace SessionWeb.Sessions.Http;

/// <summary>A page that somebody has open: one stream of events.</summary>
/// <param name="key">Whose session it is of.</param>
/// <param name="number">Counts the pages in the order in which they open.</param>
/// <param name="firstBeat">When it is first told that the node is there: a timestamp.</param>
internal sealed class EventStreamConnection(SessionKey key, long number, long firstBeat)
{
    private readonly Lock _gate = new();
    private StreamEvent? _pending;
    private TaskCompletionSource<StreamEvent?>? _waiting;
    private bool _closed;
    private long _beatAt = firstBeat;
    private DateTimeOffset _warnedOf;

    public SessionKey Key => key;

    public long Number => number;

    /// <summary>Whether the page was closed because its session or account has too many.</summary>
    public bool IsDisplaced { get; private set; }

    /// <summary>
    /// What the page is to be told next, as soon as there is something; null when there will be nothing more. For one
    /// reader.
    /// </summary>
    public Task<StreamEvent?> NextAsync()
    {
        lock (_gate)
        {
            if (_pending is null && !_closed)
                return (_waiting = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var next = _pending;
            _pending = null;
            return Task.FromResult(next);
        }
    }

    public void Send(StreamEvent news)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            // Whoever reads slowly misses nothing that still matters.
            if (_waiting is null)
                _pending = _pending is null ? news : _pending.Combine(news);
            else
                Answer(news);
        }
    }

    /// <summary>Nothing more will be told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Answer(null);
        }
    }

    /// <summary>Closes the page in favor of a newer one.</summary>
    public void Displace()
    {
        IsDisplaced = true;
        Close();
    }

    private void Answer(StreamEvent? news)
    {
        _waiting?.SetResult(news);
        _waiting = null;
    }

    /// <summary>Tells, at this timestamp, that the node is there, if that was long ago.</summary>
    public void SendHeartbeat(long timestamp, long pause)
    {
        if (timestamp < _beatAt)
            return;
        _beatAt = timestamp + pause;
        Send(StreamEvent.Heartbeat);
    }

    /// <summary>Tells once that the session will end, until it was used.</summary>
    public void Warn(Session session)
    {
        if (_warnedOf != session.IdleExpiresAt)
            Send(new(Expiring: session));
        _warnedOf = session.IdleExpiresAt;
    }
}
