using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>
/// Applies revocations after their transaction has committed: they are <see cref="RecordedRevocation"/>s, which only a
/// transaction creates. If this process stops before, a retry applies them.
/// </summary>
internal sealed partial class RevocationApplier(
    AppDbContext database, ISessionStore sessions, AuditLog audit, ILogger<RevocationApplier> logger)
{
    /// <summary>Applies a revocation, then records in the audit log how many sessions ended.</summary>
    /// <param name="recorded">The revocation.</param>
    /// <param name="cause">
    /// The audit entry of the change. Null if the audit log does not state how many sessions ended.
    /// </param>
    /// <returns>
    /// Pending if the store is unavailable or failed: the revocation is in the journal and will be applied later.
    /// </returns>
    public async Task<RevocationResult> ApplyAndAuditAsync(RecordedRevocation recorded, AuditEntry? cause = null)
    {
        var result = await ApplyAsync(recorded);
        if (cause is not null)
            await AuditEndedAsync(cause, result);
        return result;
    }

    /// <summary>Applies a revocation. Several calls may run concurrently.</summary>
    /// <inheritdoc cref="ApplyAndAuditAsync"/>
    public async Task<RevocationResult> ApplyAsync(RecordedRevocation recorded)
    {
        if (database.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException(
                "A revocation must be applied after the transaction that records it has committed.");
        }

        try
        {
            return await sessions.ApplyAsync(recorded.Request, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It may have taken effect or not. The journal still contains it, so it is pending.
            ApplyingFailed(logger, recorded.Request.Id, failure);
            return new(0, [], Pending: true, TimeSpan.Zero);
        }
    }

    /// <summary>
    /// Records in the audit log how many sessions ended. A failure is only logged: the sessions have ended.
    /// </summary>
    public async Task AuditEndedAsync(AuditEntry cause, RevocationResult result)
    {
        try
        {
            await audit.WriteAsync(cause with
            {
                Event = AuditEvents.SessionsEnded,
                Details = RevocationText.Confirmation(result),
                Count = result.Ended,
            });
        }
        catch (Exception failure)
        {
            RecordingEndedFailed(logger, cause.Event, result.Ended, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Revocation {Id} is pending: applying it failed.")]
    private static partial void ApplyingFailed(ILogger logger, string id, Exception exception);

    [LoggerMessage(2, LogLevel.Error,
        "The audit log has no entry that {Ended} sessions ended after {Event}: writing it failed.")]
    private static partial void RecordingEndedFailed(ILogger logger, string @event, int ended, Exception exception);
}
