using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.DependencyInjection;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions;

/// <summary>Configures the session store and what it uses.</summary>
public sealed class SessionsBuilder
{
    private string? _store;

    internal SessionsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Keeps sessions in Redis 7 or later, with a session cache on each node. The app starts without Redis and connects
    /// later. Startup fails with <see cref="UnsupportedStoreException"/> if Redis may evict keys.
    /// </summary>
    /// <param name="configuration">
    /// StackExchange.Redis's connection string, such as <c>localhost:6379,password=…</c>.
    /// </param>
    /// <exception cref="ArgumentException">The connection string has an unknown option or an invalid value.</exception>
    /// <exception cref="InvalidOperationException">Another store is configured already.</exception>
    public SessionsBuilder UseRedis(string configuration)
    {
        SetStore("Redis");
        Services.AddRedisSessions(configuration);
        return this;
    }

    /// <summary>Keeps sessions in a custom store, a singleton. There is no session cache then.</summary>
    /// <exception cref="InvalidOperationException">Another store is configured already.</exception>
    public SessionsBuilder UseStore<TStore>() where TStore : class, ISessionStore
    {
        SetStore(typeof(TStore).Name);
        Services.AddSingleton<ISessionStore, TStore>();
        return this;
    }

    /// <summary>
    /// Adds the journal that records revocations before they are applied. With it, no restart or failover of Redis
    /// undoes a revocation, and a revocation whose process stopped is applied within a few seconds. It is a singleton.
    /// The last call wins.
    /// </summary>
    public SessionsBuilder AddRevocationJournal<TJournal>() where TJournal : class, IRevocationJournal
    {
        Services.AddSingleton<IRevocationJournal, TJournal>();
        Services.AddHostedService<PendingRevocationRetry>();
        return this;
    }

    /// <summary>
    /// Adds the source of current claims for sessions whose claims are stale. Without it, claims stay as they were at
    /// sign-in. It is a scoped service. The last call wins.
    /// </summary>
    public SessionsBuilder RefreshClaimsWith<TClaims>() where TClaims : class, ISessionClaims
    {
        Services.AddScoped<ISessionClaims, TClaims>();
        return this;
    }

    private void SetStore(string store)
    {
        if (_store is not null)
        {
            throw new InvalidOperationException(
                $"The session store must be configured once, but {store} was added after {_store}.");
        }

        _store = store;
    }
}
