using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>
/// Writes down that a session ended by itself, when its cookie comes next: nothing is there to notice it before. Whose it was says what was
/// written down in it; the database takes one such entry per session, whichever node was first.
/// </summary>
internal sealed partial class ExpiredSessions(AppDbContext database, AuditLog audit, ILogger<ExpiredSessions> logger)
{
    public async Task NoteAsync(SessionKey session, SessionEnd ending)
    {
        try
        {
            var entries = database.AuditEntries.AsNoTracking().Where(e => e.SessionHandle == session.Handle);
            if (await entries.AnyAsync(e => e.Event == AuditEvents.SessionExpired))
                return;
            var own = await entries.Where(e => e.AccountId != null && e.By == null && e.Event != AuditEvents.SignInRefused)
                .OrderBy(e => e.Id).Select(e => new { e.AccountId, e.AccountName }).FirstOrDefaultAsync();
            await audit.WriteAsync(new()
            {
                Event = AuditEvents.SessionExpired,
                AccountId = own?.AccountId,
                AccountName = own?.AccountName,
                SessionHandle = session.Handle,
                Reason = ending.Reason,
            });
        }
        catch (DbUpdateException failure)
        {
            // Most likely another request with the same cookie was first. In any case the person gets the answer.
            NotNoted(logger, session.Handle, failure);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "That session {Session} has expired was not written down.")]
    private static partial void NotNoted(ILogger logger, string session, Exception exception);
}
