using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The revocations that a node applied in the last minutes. They hold even if the store loses them. Callers hold a
/// lock.
/// </summary>
internal sealed class AppliedRevocations(TimeProvider clock)
{
    private readonly Dictionary<(AccountTag Account, string Handle), long> _ended = [];
    private readonly Dictionary<AccountTag, (long Generation, long ClaimsVersion, long At)> _raised = [];

    public long Generation(AccountTag account) => _raised.GetValueOrDefault(account).Generation;

    public void Add(AccountTag account, LogEntry entry)
    {
        var now = clock.GetTimestamp();
        foreach (var handle in entry.Handles)
            _ended[(account, handle)] = now;
        if (entry.Generation is null && entry.ClaimsVersion is null)
            return;
        var raised = _raised.GetValueOrDefault(account);
        _raised[account] = (
            Math.Max(raised.Generation, entry.Generation ?? 0),
            Math.Max(raised.ClaimsVersion, entry.ClaimsVersion ?? 0),
            now);
    }

    /// <summary>What was read, without a session that was revoked, or with its claims marked as stale.</summary>
    public SessionRead ApplyTo(SessionKey key, SessionRead read)
    {
        var raised = _raised.GetValueOrDefault(key.Account);
        if (_ended.ContainsKey((key.Account, key.Handle)) || read.Generation < raised.Generation)
            return SessionRead.Unknown;
        return Math.Max(read.ClaimsVersion, read.CurrentClaimsVersion ?? 0) < raised.ClaimsVersion
            ? read with { CurrentClaimsVersion = raised.ClaimsVersion }
            : read;
    }

    public void Sweep()
    {
        var now = clock.GetTimestamp();
        foreach (var (session, at) in _ended)
        {
            if (clock.GetElapsedTime(at, now) > LogRecovery.Window)
                _ended.Remove(session);
        }

        foreach (var (account, raised) in _raised)
        {
            if (clock.GetElapsedTime(raised.At, now) > LogRecovery.Window)
                _raised.Remove(account);
        }
    }
}
