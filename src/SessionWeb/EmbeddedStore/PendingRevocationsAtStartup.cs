using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>
/// Applies the revocations that another process recorded and did not apply, before the server listens. Only an embedded
/// node needs it: with Redis, the library's retry applies them.
/// </summary>
internal sealed partial class PendingRevocationsAtStartup(
    IRevocationJournal journal, ISessionStore sessions, ILogger<PendingRevocationsAtStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var revocation in await journal.PendingAsync(TimeSpan.Zero, cancellationToken))
        {
            // A session that should have ended must not be accepted, so a failure stops startup.
            if (await sessions.ApplyAsync(revocation, cancellationToken) is { Pending: true })
            {
                throw new StartupException(
                    "The database (ConnectionStrings:Accounts) contains revocations that cannot be applied. "
                    + "Another process may have locked it.");
            }

            Applied(logger, revocation.Id);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Revocation {Id} was pending when the process stopped. It has been applied.")]
    private static partial void Applied(ILogger logger, string id);
}
