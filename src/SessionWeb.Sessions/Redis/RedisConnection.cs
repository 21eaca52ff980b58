using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// A connection to Redis that is opened on first use. Every call has a deadline. A connection on which Redis does not
/// respond for <see cref="MaxSilence"/> is replaced, together with its subscriptions, because the client may keep a
/// dead one.
/// </summary>
internal sealed partial class RedisConnection(
    ConfigurationOptions configuration, IOptions<SessionsOptions> options, TimeProvider clock,
    ILogger<RedisConnection> logger) : IDisposable
{
    /// <summary>How long a connection may stay without any response before it is replaced.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private RedisLink? _link;
    private bool _isDisposed;

    /// <summary>Raised when the connection for commands breaks. Subscriptions use another one.</summary>
    public event Action? Lost;

    /// <summary>Raised when a command got no response, and the connection is probed.</summary>
    public event Action? Suspected;

    /// <summary>Runs commands. They share one deadline.</summary>
    /// <exception cref="SessionStoreUnavailableException">
    /// Redis is not reachable, returned an error, or did not respond in time.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> commands, CancellationToken cancellationToken = default)
    {
        var link = CurrentLink();
        try
        {
            return await ConnectAndRunAsync(link, commands).WaitAsync(options.Value.StoreTimeout, cancellationToken);
        }
        catch (Exception failure) when (Unavailable(failure) is { } unavailable)
        {
            Suspect(link, failure);
            throw unavailable;
        }
    }

    /// <summary>
    /// Runs synchronous commands of the client, for callers that must be synchronous. The commands block a thread of
    /// their own, because the pool's threads receive the replies.
    /// </summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public T Run<T>(Func<IDatabase, T> commands) =>
        Task.Run(() => RunAsync(redis => Task.Factory.StartNew(
            () => commands(redis), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)))
            .GetAwaiter().GetResult();

    /// <summary>The messages of a channel; null whenever some may have been missed.</summary>
    public async IAsyncEnumerable<string?> ListenAsync(
        string channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = RedisChannel.Literal(channel);
        while (!cancellationToken.IsCancellationRequested)
        {
            var link = CurrentLink();
            var messages = Channel.CreateUnbounded<string?>();
            await using var replaced = link.Replaced.UnsafeRegister(_ => messages.Writer.TryComplete(), null);
            void OnRestored(object? sender, ConnectionFailedEventArgs e) => messages.Writer.TryWrite(null);
            void OnReceived(RedisChannel from, RedisValue message) => messages.Writer.TryWrite(message.ToString());
            if (await link.SubscribeAsync(name, OnReceived, cancellationToken) is not { } connection)
                continue;
            connection.ConnectionRestored += OnRestored;
            try
            {
                yield return null;
                await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
                    yield return message;
            }
            finally
            {
                connection.ConnectionRestored -= OnRestored;
                if (!link.Replaced.IsCancellationRequested)
                    connection.GetSubscriber().Unsubscribe(name, OnReceived, CommandFlags.FireAndForget);
            }
        }
    }

    /// <summary>Probes the connection, if there is one.</summary>
    public void Check()
    {
        RedisLink? link;
        lock (_gate)
            link = _link;
        if (link?.TryBeginProbe() == true)
            _ = ProbeAsync(link);
    }

    public void Dispose()
    {
        RedisLink? link;
        lock (_gate)
        {
            _isDisposed = true;
            (link, _link) = (_link, null);
        }
        link?.Dispose();
    }

    private SessionStoreUnavailableException? Unavailable(Exception failure) => failure switch
    {
        RedisTimeoutException or TimeoutException =>
            new($"Redis did not respond within {options.Value.StoreTimeout.TotalMilliseconds:0} ms.", failure),
        RedisException or ObjectDisposedException or AggregateException =>
            new($"Redis is unavailable: {failure.Message}", failure),
        _ => null,
    };

    private static async Task<T> ConnectAndRunAsync<T>(RedisLink link, Func<IDatabase, Task<T>> commands)
    {
        var connection = await link.Connecting;
        return await commands(connection.GetDatabase());
    }

    private RedisLink CurrentLink()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_link is null or { Connecting: { IsFaulted: true } or { IsCanceled: true } })
                _link = new(ConnectAsync());
            return _link;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var settings = configuration.Clone();
        settings.SyncTimeout = settings.AsyncTimeout = (int)options.Value.StoreTimeout.TotalMilliseconds;
        var connection = await ConnectionMultiplexer.ConnectAsync(settings);
        connection.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive)
                Lost?.Invoke();
        };
        return connection;
    }

    /// <summary>After a failure: probes the connection until Redis responds, or replaces it.</summary>
    private void Suspect(RedisLink link, Exception failure)
    {
        // An error is a response, too.
        if (failure is RedisServerException || !link.TryBeginProbe())
            return;
        _ = ProbeAsync(link);
        Suspected?.Invoke();
    }

    private async Task ProbeAsync(RedisLink link)
    {
        var since = clock.GetTimestamp();
        while (!await link.RespondsAsync(ProbeInterval))
        {
            // Checked right after a probe: a connection that responds again is not replaced.
            if (link.Replaced.IsCancellationRequested || clock.GetElapsedTime(since) >= MaxSilence)
            {
                Replace(link);
                return;
            }
            await Task.Delay(ProbeInterval, clock);
        }
        link.EndProbe();
    }

    private void Replace(RedisLink link)
    {
        lock (_gate)
        {
            if (_link != link)
                return;
            _link = null;
        }
        IsReplaced(logger, MaxSilence.TotalSeconds);
        Lost?.Invoke();
        link.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis did not respond for {Seconds:0} s. The connection is replaced.")]
    private static partial void IsReplaced(ILogger logger, double seconds);
}
