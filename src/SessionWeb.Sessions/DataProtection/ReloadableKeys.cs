using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>The stock key manager with keys that can be reloaded before their cache expires.</summary>
internal sealed class ReloadableKeys(XmlKeyManager inner) : IDeletableKeyManager, IDisposable
{
    private CancellationTokenSource _reload = new();

    public bool CanDeleteKeys => inner.CanDeleteKeys;

    /// <summary>Makes the next use of the keys reload them.</summary>
    public void Reload() => Interlocked.Exchange(ref _reload, new()).Cancel();

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(
            inner.GetCacheExpirationToken(), Volatile.Read(ref _reload).Token).Token;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        inner.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

    public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) =>
        inner.RevokeAllKeys(revocationDate, reason);

    public bool DeleteKeys(Func<IKey, bool> shouldDelete) => inner.DeleteKeys(shouldDelete);

    public void Dispose() => _reload.Dispose();
}
