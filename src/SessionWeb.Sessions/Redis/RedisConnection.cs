using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The connection to Redis: made on first use, kept, and mended by itself. Every call has a deadline, because the client's own have none.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions configuration, IOptions<SessionsOptions> options) : IDisposable
{
    // Version 1 of the client hands answers out in their order unless told not to, and where many come at once lets one lie for a second now
    // and then. Later versions have no such order, and do not compile with its name.
    private static readonly PropertyInfo? AsyncOrder =
        typeof(ConnectionMultiplexer).Assembly.GetName().Version is { Major: 1 } ? typeof(ConnectionMultiplexer).GetProperty("PreserveAsyncOrder") : null;

    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;

    /// <summary>Raised when the connection breaks on which commands are sent; that of the subscriptions is another.</summary>
    public event Action? Lost;

    /// <summary>Runs commands; all of them together have the deadline.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is not there, refused, or did not answer in time.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> commands, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAndRunAsync(commands).WaitAsync(options.Value.StoreTimeout, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new SessionStoreUnavailableException($"Redis did not answer within {options.Value.StoreTimeout.TotalMilliseconds:0} ms.", late);
        }
        catch (Exception failure) when (failure is RedisException or ObjectDisposedException or AggregateException)
        {
            throw new SessionStoreUnavailableException($"Redis cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Runs a synchronous command, for callers that cannot wait otherwise.</summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public T Run<T>(Func<IDatabase, Task<T>> commands) => Task.Run(() => RunAsync(commands, CancellationToken.None)).GetAwaiter().GetResult();

    /// <summary>
    /// The account tags published on a channel; null for everyone's, and after every time in which some may have been missed.
    /// </summary>
    public async IAsyncEnumerable<AccountTag?> ListenAsync(string channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heard = Channel.CreateUnbounded<AccountTag?>();
        var connection = await ConnectedAsync().WaitAsync(cancellationToken);
        void Restored(object? sender, ConnectionFailedEventArgs e) => heard.Writer.TryWrite(null);
        void Heard(RedisChannel from, RedisValue tag) => heard.Writer.TryWrite(tag.IsNullOrEmpty ? null : new AccountTag(tag.ToString()));
        connection.ConnectionRestored += Restored;
        try
        {
            await SubscribedAsync(connection.GetSubscriber(), channel, Heard, cancellationToken);
            yield return null;
            await foreach (var account in heard.Reader.ReadAllAsync(cancellationToken))
                yield return account;
        }
        finally
        {
            connection.ConnectionRestored -= Restored;
            connection.GetSubscriber().Unsubscribe(new RedisChannel(channel, RedisChannel.PatternMode.Literal), Heard, CommandFlags.FireAndForget);
        }
    }

    // Without Redis there is nothing to hear; it will be tried until there is.
    private static async Task SubscribedAsync(
        ISubscriber subscriber, string channel, Action<RedisChannel, RedisValue> heard, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                await subscriber.SubscribeAsync(new RedisChannel(channel, RedisChannel.PatternMode.Literal), heard).WaitAsync(cancellationToken);
                return;
            }
            catch (RedisException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
    }

    private async Task<T> ConnectAndRunAsync<T>(Func<IDatabase, Task<T>> commands)
    {
        var connection = await ConnectedAsync();
        return await commands(connection.GetDatabase());
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        AsyncOrder?.SetValue(connection, false);
        connection.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive)
                Lost?.Invoke();
        };
        return connection;
    }

    private Task<ConnectionMultiplexer> ConnectedAsync()
    {
        lock (_gate)
        {
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
                _connecting = ConnectAsync();
            return _connecting;
        }
    }

    public void Dispose()
    {
        if (_connecting is { IsCompletedSuccessfully: true } connected)
            connected.Result.Dispose();
    }
}

internal static class RedisServices
{
    public static void AddRedisConnection(this IServiceCollection services, string configuration)
    {
        var options = Parse(configuration);
        services.TryAddSingleton(provider => new RedisConnection(options, provider.GetRequiredService<IOptions<SessionsOptions>>()));
    }

    public static ConfigurationOptions Parse(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        // An app starts without Redis and finds it later.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        options.ReconnectRetryPolicy = new LinearRetry(250);
        return options;
    }
}
