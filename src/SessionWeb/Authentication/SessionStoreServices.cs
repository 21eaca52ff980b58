using SessionWeb.EmbeddedStore;
using SessionWeb.Hosting;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Authentication;

internal static class SessionStoreServices
{
    /// <summary>
    /// Stores sessions in Redis if <c>ConnectionStrings:Redis</c> is set, otherwise in the accounts database.
    /// </summary>
    public static SessionsBuilder UseConfiguredStore(this SessionsBuilder sessions, IConfiguration configuration)
    {
        if (RedisConnectionString.Read(configuration) is { } redis)
            sessions.UseRedis(redis);
        else
            sessions.UseStore<DatabaseSessionStore>().Services.AddHostedService<PendingRevocationsAtStartup>();
        sessions.AddRevocationJournal<DatabaseRevocationJournal>();

        sessions.Services.AddOptions<SessionsOptions>()
            .Configure<NodeOptions>((options, node) => options.NodeName = node.Name);
        sessions.Services.AddHealthChecks().AddCheck<SessionStoreHealthCheck>("sessions");
        return sessions;
    }
}
