using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>Stores sessions in the accounts database: the store of an embedded node.</summary>
internal sealed class DatabaseSessionStore : ISessionStore, IDisposable
{
    private readonly SessionDatabase _sessions;
    private readonly DatabaseSessionReader _reader;
    private readonly DatabaseSessionWriter _writer;
    private readonly DatabaseSessionRevoker _revoker;
    private readonly SessionEndNotifications _ended;

    public DatabaseSessionStore(IDbContextFactory<AppDbContext> databases, TimeProvider time)
    {
        _sessions = new(databases);
        _reader = new(_sessions, time);
        _writer = new(_sessions, time);
        _revoker = new(_sessions, time);
        _ended = new(time);
    }

    public Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken) =>
        NotifyAsync(session.Key.Account, _writer.CreateAsync(session, cancellationToken));

    public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
        _reader.ReadAsync(key, cancellationToken);

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
        _writer.TouchAsync(key, cancellationToken);

    public Task<RevocationResult> InvalidateClaimsAsync(
        AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        _revoker.InvalidateClaimsAsync(account, claimsVersion, cancellationToken);

    public Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        _writer.ReplaceTicketAsync(key, replacement, cancellationToken);

    public Task<RevocationResult> EndAsync(
        AccountTag account, string handle, SessionEnd end, CancellationToken cancellationToken) =>
        NotifyAsync(account, _revoker.EndAsync(account, handle, end, cancellationToken));

    public Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd end, string? keep = null, long? generation = null,
        CancellationToken cancellationToken = default) =>
        NotifyAsync(account, _revoker.EndAccountAsync(account, end, keep, generation, cancellationToken));

    public Task<RevocationResult> EndAllAsync(
        SessionEnd end, SessionKey? keep = null, CancellationToken cancellationToken = default) =>
        NotifyAsync(SessionEndNotifications.AllAccounts, _revoker.EndAllAsync(end, keep, cancellationToken));

    public async Task<RevocationResult> ApplyAsync(RevocationRequest revocation, CancellationToken cancellationToken)
    {
        try
        {
            return await NotifyAsync(
                revocation.Account ?? SessionEndNotifications.AllAccounts,
                _revoker.RevokeAsync(revocation, cancellationToken));
        }
        catch (SessionStoreUnavailableException)
        {
            return new(0, [], Pending: true, TimeSpan.Zero);
        }
    }

    public IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken) =>
        _ended.SubscribeAsync(_reader.EndedSinceAsync, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
        _reader.ListAsync(accounts, cancellationToken);

    public Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken) =>
        _reader.ListRecentAsync(skip, take, cancellationToken);

    public void Dispose() => _sessions.Dispose();

    /// <summary>Notifies subscribers after an operation that may have ended sessions of the account.</summary>
    private async Task<T> NotifyAsync<T>(AccountTag account, Task<T> operation)
    {
        var result = await operation;
        _ended.Publish(account);
        return result;
    }
}
