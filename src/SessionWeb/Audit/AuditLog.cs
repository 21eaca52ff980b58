using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Hosting;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>
/// Writes the audit log. A change or revocation writes its entry first or in the same transaction, so that it fails if
/// the entry cannot be written. Sessions that a sign-in replaces are the exception: their entries follow.
/// </summary>
internal sealed class AuditLog(AppDbContext database, IHttpContextAccessor http, NodeOptions node, TimeProvider time)
{
    public const int MaxTextLength = 512;

    /// <summary>The actor of commands.</summary>
    public const string CommandLineActor = "command line";

    /// <summary>
    /// The actor: the account of the request, or the command line outside requests. Null for an anonymous request.
    /// </summary>
    public string? Actor => http.HttpContext is { } context ? context.User.Identity?.Name : CommandLineActor;

    /// <summary>Writes all entries or none. Adds the time, address, device, node and session.</summary>
    /// <remarks>
    /// A client that disconnects does not cancel it. In a transaction of the same database, the entries are part of it.
    /// </remarks>
    /// <exception cref="DbUpdateException">The entries cannot be written.</exception>
    public async Task WriteAsync(AuditEntry entry, params AuditEntry[] more)
    {
        var now = time.GetUtcNow();
        var rows = more.Prepend(entry).Select(e => database.Add(Complete(e, now))).ToList();
        try
        {
            await database.SaveChangesAsync(CancellationToken.None);
        }
        finally
        {
            // Neither a retry nor another save of this context may write them again.
            rows.ForEach(row => row.State = EntityState.Detached);
        }
    }

    private AuditEntry Complete(AuditEntry entry, DateTimeOffset now) => WithActor(entry) with
    {
        At = now,
        AccountName = Clean(entry.AccountName, Account.MaxUserNameLength),
        SessionHandle = Clean(
            entry.SessionHandle ?? http.HttpContext?.GetSessionKey()?.Handle, SessionKey.HandleLength),
        IpAddress = Clean(entry.IpAddress ?? http.HttpContext?.GetIpAddress(), MaxTextLength),
        Device = Clean(entry.Device ?? http.HttpContext?.GetDevice(), MaxTextLength),
        Node = node.Name,
        Reason = Clean(entry.Reason, MaxTextLength),
        Details = Clean(entry.Details, MaxTextLength),
    };

    /// <summary>Adds the actor's account id. Removes the actor if an account acts on itself.</summary>
    private AuditEntry WithActor(AuditEntry entry) => entry.By is null || entry.By == entry.AccountName
        ? entry with { By = null, ById = null }
        : entry with
        {
            By = Clean(entry.By, Account.MaxUserNameLength),
            ById = entry.ById ?? http.HttpContext?.GetSession()?.AccountId,
        };

    private static string? Clean(string? text, int maxLength) =>
        string.IsNullOrEmpty(text) ? null : VisibleText.Clean(text, maxLength);
}
