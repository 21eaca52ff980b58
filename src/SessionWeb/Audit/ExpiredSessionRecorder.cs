using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>
/// Records that a session expired when its cookie arrives next, because nothing detects the expiry earlier. The account
/// comes from the session's earlier entries. The database accepts one such entry per session, whichever node writes it
/// first.
/// </summary>
internal sealed partial class ExpiredSessionRecorder(
    AppDbContext database, AuditLog audit, ILogger<ExpiredSessionRecorder> logger)
{
    public async Task RecordAsync(SessionKey session, SessionEnd end)
    {
        try
        {
            var entries = database.AuditEntries.AsNoTracking().Where(e => e.SessionHandle == session.Handle);
            if (await entries.AnyAsync(e => e.Event == AuditEvents.SessionExpired))
                return;
            var earlier = await entries
                .Where(e => e.AccountId != null && e.By == null && e.Event != AuditEvents.SignInRefused)
                .OrderBy(e => e.Id).Select(e => new { e.AccountId, e.AccountName }).FirstOrDefaultAsync();
            await audit.WriteAsync(new()
            {
                Event = AuditEvents.SessionExpired,
                AccountId = earlier?.AccountId,
                AccountName = earlier?.AccountName,
                SessionHandle = session.Handle,
                Reason = end.Reason,
            });
        }
        catch (DbUpdateException failure)
        {
            // Most likely another request with the same cookie was first. The user gets the response in any case.
            NotRecorded(logger, session.Handle, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The expiry of session {Session} was not recorded in the audit log.")]
    private static partial void NotRecorded(ILogger logger, string session, Exception exception);
}
