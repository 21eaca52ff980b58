using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// A connection to Redis that is made on first use. Every call has a deadline. A connection on which Redis gives no answer for
/// <see cref="LongestSilence"/> is disposed and made again, together with its subscriptions: the client itself may keep a dead one.
/// </summary>
internal sealed partial class RedisConnection(
    ConfigurationOptions configuration, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<RedisConnection> logger) : IDisposable
{
    /// <summary>For how long a connection may stay without any answer before it is replaced.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ProbePace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private Link? _link;
    private bool _disposed;

    /// <summary>Raised when the connection breaks on which commands are sent; that of the subscriptions is another.</summary>
    public event Action? Lost;

    /// <summary>Raised when a command got no answer, and the connection is probed.</summary>
    public event Action? Suspected;

    /// <summary>Runs commands; all of them together have the deadline.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is not there, refused, or did not answer in time.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> commands, CancellationToken cancellationToken)
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

    /// <summary>Runs synchronous commands of the client, for callers that cannot wait otherwise.</summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public T Run<T>(Func<IDatabase, T> commands) => Task.Run(() => RunAsync(redis => Task.Run(() => commands(redis)), CancellationToken.None)).GetAwaiter().GetResult();

    /// <summary>
    /// The messages that are published on a channel; null after every time in which some may have been missed.
    /// </summary>
    public async IAsyncEnumerable<string?> ListenAsync(string channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = RedisChannel.Literal(channel);
        while (!cancellationToken.IsCancellationRequested)
        {
            var link = CurrentLink();
            var heard = Channel.CreateUnbounded<string?>();
            await using var replaced = link.Replaced.UnsafeRegister(_ => heard.Writer.TryComplete(), null);
            void Restored(object? sender, ConnectionFailedEventArgs e) => heard.Writer.TryWrite(null);
            void Heard(RedisChannel from, RedisValue message) => heard.Writer.TryWrite(message.ToString());
            if (await SubscribedAsync(link, name, Heard, cancellationToken) is not { } connection)
                continue;
            connection.ConnectionRestored += Restored;
            try
            {
                yield return null;
                await foreach (var message in heard.Reader.ReadAllAsync(cancellationToken))
                    yield return message;
            }
            finally
            {
                connection.ConnectionRestored -= Restored;
                if (!link.Replaced.IsCancellationRequested)
                    connection.GetSubscriber().Unsubscribe(name, Heard, CommandFlags.FireAndForget);
            }
        }
    }

    public void Dispose()
    {
        Link? link;
        lock (_gate)
        {
            _disposed = true;
            (link, _link) = (_link, null);
        }
        link?.Dispose();
    }

    /// <returns>Null if the connection was replaced before it could be subscribed to.</returns>
    private static async Task<ConnectionMultiplexer?> SubscribedAsync(
        Link link, RedisChannel channel, Action<RedisChannel, RedisValue> heard, CancellationToken cancellationToken)
    {
        while (!link.Replaced.IsCancellationRequested)
            try
            {
                var connection = await link.Connecting.WaitAsync(cancellationToken);
                await connection.GetSubscriber().SubscribeAsync(channel, heard).WaitAsync(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (failure is RedisException or ObjectDisposedException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        return null;
    }

    private SessionStoreUnavailableException? Unavailable(Exception failure) => failure switch
    {
        RedisTimeoutException or TimeoutException =>
            new($"Redis did not answer within {options.Value.StoreTimeout.TotalMilliseconds:0} ms.", failure),
        RedisException or ObjectDisposedException or AggregateException => new($"Redis cannot be used: {failure.Message}", failure),
        _ => null,
    };

    private static async Task<T> ConnectAndRunAsync<T>(Link link, Func<IDatabase, Task<T>> commands)
    {
        var connection = await link.Connecting;
        return await commands(connection.GetDatabase());
    }

    private Link CurrentLink()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_link is null or { Connecting: { IsFaulted: true } or { IsCanceled: true } })
                _link = new(ConnectAsync());
            return _link;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var own = configuration.Clone();
        own.SyncTimeout = own.AsyncTimeout = (int)options.Value.StoreTimeout.TotalMilliseconds;
        var connection = await ConnectionMultiplexer.ConnectAsync(own);
        connection.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive)
                Lost?.Invoke();
        };
        return connection;
    }

    /// <summary>After a failure: probes the connection until it answers, or replaces it.</summary>
    private void Suspect(Link link, Exception failure)
    {
        // An answer, even a refusal, is no silence.
        if (failure is RedisServerException || !link.TakeProbe())
            return;
        _ = ProbeAsync(link);
        Suspected?.Invoke();
    }

    /// <summary>Probes the connection, if there is one: one that is seldom used may be as silent as another.</summary>
    public void Check()
    {
        Link? link;
        lock (_gate)
            link = _link;
        if (link?.TakeProbe() == true)
            _ = ProbeAsync(link);
    }

    private async Task ProbeAsync(Link link)
    {
        var since = clock.GetTimestamp();
        while (!await AnswersAsync(link))
        {
            // Looked at right after a probe: what answers again is not replaced.
            if (link.Replaced.IsCancellationRequested || clock.GetElapsedTime(since) >= LongestSilence)
            {
                Replace(link);
                return;
            }
            await Task.Delay(ProbePace, clock);
        }
        link.ReturnProbe();
    }

    private static async Task<bool> AnswersAsync(Link link)
    {
        try
        {
            await (await link.Connecting.WaitAsync(ProbePace)).GetDatabase().PingAsync().WaitAsync(ProbePace);
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

    private void Replace(Link link)
    {
        lock (_gate)
        {
            if (_link != link)
                return;
            _link = null;
        }
        IsReplaced(logger, LongestSilence.TotalSeconds);
        Lost?.Invoke();
        link.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis has not answered for {Seconds:0} s; the connection is replaced.")]
    private static partial void IsReplaced(ILogger logger, double seconds);

    /// <summary>One connection of the client, until it is replaced.</summary>
    private sealed class Link(Task<ConnectionMultiplexer> connecting) : IDisposable
    {
        private readonly CancellationTokenSource _replaced = new();
        private int _probing;

        public Task<ConnectionMultiplexer> Connecting => connecting;

        public CancellationToken Replaced => _replaced.Token;

        public bool TakeProbe() => Interlocked.Exchange(ref _probing, 1) == 0;

        public void ReturnProbe() => Volatile.Write(ref _probing, 0);

        public void Dispose()
        {
            _replaced.Cancel();
            // Not waited for: a connection that does not answer does not close quickly either.
            _ = connecting.ContinueWith(
                done => done.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }
}

internal static class RedisServices
{
    /// <summary>The connection that belongs to a connection string; services that name the same one share it.</summary>
    public static void AddRedisConnection(this IServiceCollection services, string configuration)
    {
        var parsed = Parse(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.TryAddKeyedSingleton(configuration, (provider, _) => ActivatorUtilities.CreateInstance<RedisConnection>(provider, parsed));
    }

    public static ConfigurationOptions Parse(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        // An app starts without Redis and finds it later.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        options.ReconnectRetryPolicy = new LinearRetry(250);
        // A command that was reported as failed must not be executed when Redis is back.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        // Subscriptions have a connection of their own: to lose it must not cost the lease.
        options.Protocol = RedisProtocol.Resp2;
        return options;
    }
}
