using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>
/// Applies the revocations that another process recorded and did not apply, before the server listens. For the embedded store: with Redis,
/// nodes do so while they recover.
/// </summary>
internal sealed partial class PendingRevocationsAtStartup(IRevocationJournal journal, ISessionStore sessions, ILogger<PendingRevocationsAtStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var revocation in await journal.PendingAsync(TimeSpan.Zero, cancellationToken))
            // A session that should have ended must not be accepted, so a failure stops the start.
            if (await sessions.RevokeAsync(revocation, cancellationToken) is { Pending: true })
                throw new StartupException("The database (ConnectionStrings:Accounts) has revocations that cannot be applied: it may be locked by another process.");
            else
                Applied(logger, revocation.Id);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Revocation {Id} was pending when the process stopped; it is applied now.")]
    private static partial void Applied(ILogger logger, string id);
}
