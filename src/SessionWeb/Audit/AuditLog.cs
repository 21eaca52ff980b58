using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Nodes;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>
/// Where everything that matters is written down, as one insert each. What revokes or changes something writes first, or in the same
/// transaction: where the entry cannot be written, it is not done either.
/// </summary>
internal sealed class AuditLog(AppDbContext database, IHttpContextAccessor http, Node node, TimeProvider time)
{
    public const int MaxTextLength = 512;

    /// <summary>Who acts: the account that is signed in, nobody where a stranger asks, the command line where nobody does.</summary>
    public string? Actor => http.HttpContext is { } context ? context.User.Identity?.Name : CommandLine.CommandLine.Actor;

    /// <summary>Writes entries, all or none, to which it adds when, from where, on which node and in which session.</summary>
    /// <remarks>It does not listen to a client that disconnects. Within a transaction of the same database it is part of that.</remarks>
    /// <exception cref="DbUpdateException">They could not be written.</exception>
    public async Task WriteAsync(AuditEntry entry, params AuditEntry[] more)
    {
        var now = time.GetUtcNow();
        var written = more.Prepend(entry).Select(one => database.Add(Complete(one, now))).ToList();
        try
        {
            await database.SaveChangesAsync(CancellationToken.None);
        }
        finally
        {
            // Neither a second attempt nor somebody else's save may write them again.
            written.ForEach(one => one.State = EntityState.Detached);
        }
    }

    /// <summary>Writes down a refused sign-in, and that it locked the account, if it did.</summary>
    public Task RefusedAsync(SignInCheck check, AuditEntry entry) =>
        check.Locked ? WriteAsync(entry, entry with { Event = AuditEvents.AccountLocked, Reason = null, Details = null }) : WriteAsync(entry);

    private AuditEntry Complete(AuditEntry entry, DateTimeOffset now) => WithActor(entry) with
    {
        At = now,
        AccountName = Clean(entry.AccountName, AccountOptions.MaxUserNameLength),
        SessionHandle = Clean(entry.SessionHandle ?? http.HttpContext?.GetSessionKey()?.Handle, SessionKey.HandleLength),
        IpAddress = Clean(entry.IpAddress ?? http.HttpContext?.GetIpAddress(), MaxTextLength),
        Device = Clean(entry.Device ?? http.HttpContext?.GetDevice(), MaxTextLength),
        Node = node.Name,
        Reason = Clean(entry.Reason, MaxTextLength),
        Details = Clean(entry.Details, MaxTextLength),
    };

    /// <summary>Names the actor by name and account id, or not at all where an account acts on itself.</summary>
    private AuditEntry WithActor(AuditEntry entry) => entry.By is null || entry.By == entry.AccountName
        ? entry with { By = null, ById = null }
        : entry with { By = Clean(entry.By, AccountOptions.MaxUserNameLength), ById = entry.ById ?? http.HttpContext?.GetSession()?.AccountId };

    private static string? Clean(string? text, int maxLength) => string.IsNullOrEmpty(text) ? null : VisibleText.Clean(text, maxLength);
}
