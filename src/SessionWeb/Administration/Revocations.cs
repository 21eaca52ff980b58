using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>Ends sessions on the record: who ends which is written down before anything ends, and how many they were afterwards.</summary>
internal sealed class Revocations(ISessionStore sessions, AuditLog audit)
{
    public async Task<Revocation> EndSessionAsync(Session session, SessionEnding ending)
    {
        var entry = new AuditEntry
        {
            Event = AuditEvents.SessionRevoked,
            AccountId = session.AccountId,
            AccountName = session.AccountName,
            By = ending.By,
            SessionHandle = session.Handle,
            Reason = ending.Reason,
            Details = ending.Message,
        };
        await audit.WriteAsync(entry);
        var revocation = await sessions.EndAsync(session.Key.Account, session.Handle, ending, CancellationToken.None);
        await EndedAsync(entry, revocation);
        return revocation;
    }

    /// <summary>Ends an account's sessions but <paramref name="keep"/> (a handle).</summary>
    public async Task<Revocation> EndOthersAsync(string accountId, string accountName, SessionEnding ending, string keep)
    {
        var entry = new AuditEntry
        {
            Event = AuditEvents.SessionsRevoked,
            AccountId = accountId,
            AccountName = accountName,
            By = ending.By,
            Reason = ending.Reason,
            Details = ending.Message,
        };
        await audit.WriteAsync(entry);
        var revocation = await sessions.EndAccountAsync(AccountTag.For(accountId), ending, keep);
        await EndedAsync(entry, revocation);
        return revocation;
    }

    public async Task<Revocation> EndEveryoneAsync(SessionEnding ending, SessionKey? keep = null)
    {
        var entry = new AuditEntry { Event = AuditEvents.SessionsRevoked, By = ending.By, Reason = ending.Reason, Details = ending.Message };
        await audit.WriteAsync(entry);
        var revocation = await sessions.EndEveryoneAsync(ending, keep);
        await EndedAsync(entry, revocation);
        return revocation;
    }

    /// <summary>Writes down what came of something that was written down before.</summary>
    public Task EndedAsync(AuditEntry cause, Revocation revocation) => audit.WriteAsync(cause with
    {
        Event = AuditEvents.SessionsEnded,
        Details = Confirmation.Of(revocation).Trim(),
        Count = revocation.Ended,
    });
}
