namespace SessionWeb.Sessions.Redis;

/// <summary>
/// Data in Redis that this node can restore when a restarted or new Redis lacks it, such as the key ring.
/// </summary>
internal interface IRestorable
{
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    Task RestoreAsync(CancellationToken cancellationToken);
}
