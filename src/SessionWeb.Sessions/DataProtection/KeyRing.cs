using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// The loaded data-protection keys. Without them, a node can neither read cookies nor create antiforgery tokens, so it
/// is not ready. If the ring is in Redis, keys that Redis lost are restored, and keys of other nodes are loaded.
/// </summary>
/// <param name="provider">Protects with the ring.</param>
/// <param name="rings">Holds the loaded keys.</param>
/// <param name="manager">Loads the keys.</param>
/// <param name="options">The ring's repository.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">The log.</param>
public sealed partial class KeyRing(
    IDataProtectionProvider provider, IKeyRingProvider rings, IKeyManager manager,
    IOptions<KeyManagementOptions> options, TimeProvider clock, ILogger<KeyRing> logger) : IRestorable, IDisposable
{
    private const int MaxMissing = 1000;

    private static readonly TimeSpan ReloadCheckInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReloadTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _restoring = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _missing = [];
    private Task? _nextRead;
    private long? _readAt;
    private bool _isWarned;

    /// <summary>Whether the key ring has been read.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The ring in Redis; null if it is elsewhere. Then it is only read once.</summary>
    internal RedisKeyRing? InRedis { get; } = options.Value.XmlRepository as RedisKeyRing;

    /// <inheritdoc/>
    public void Dispose() => _restoring.Dispose();

    /// <summary>Restores the keys that Redis lost, and loads those of other nodes.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    async Task IRestorable.RestoreAsync(CancellationToken cancellationToken) => await RestoreAsync(cancellationToken);

    /// <summary>Tries to read the ring, and creates the first key if it is empty.</summary>
    internal async Task TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The key manager blocks its thread while it waits for Redis. So the ring is read beforehand, and the
            // thread is not one of the pool, which has few threads when the app starts.
            if (InRedis is not null)
                await InRedis.ReadAsync(cancellationToken);
            await Task.Factory.StartNew(
                () => provider.CreateProtector("SessionWeb.KeyRing").Protect([1]), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            IsReady = true;
        }
        catch (Exception failure) when (failure is CryptographicException or SessionStoreUnavailableException)
        {
            if (!_isWarned)
                Waiting(logger, failure.GetBaseException().Message);
            _isWarned = true;
        }
    }

    internal async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (InRedis is null)
            return;
        await _restoring.WaitAsync(cancellationToken);
        try
        {
            if (await InRedis.RestoreAsync(cancellationToken) && manager is ReloadableKeys reloadable)
                await ReloadAsync(reloadable, cancellationToken);
        }
        finally
        {
            _restoring.Release();
        }
    }

    /// <summary>
    /// Whether the ring contains a key. For an unknown key, Redis is read, at most once per second for all requests.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">The ring cannot be read.</exception>
    internal async ValueTask<bool> HasAsync(Guid id, CancellationToken cancellationToken)
    {
        if (InRedis is null || IsLoaded(id))
            return true;
        Task reading;
        lock (_gate)
        {
            if (_missing.Contains(id))
                return false;
            reading = _nextRead ??= ReadAsync();
        }
        await reading.WaitAsync(cancellationToken);
        if (IsLoaded(id))
            return true;
        lock (_gate)
        {
            if (_missing.Count < MaxMissing)
                _missing.Add(id);
        }

        return false;
    }

    /// <summary>Lets Redis be asked again for keys that it did not have.</summary>
    internal void ForgetMissing()
    {
        lock (_gate)
            _missing.Clear();
    }

    private async Task ReadAsync()
    {
        // The caller holds the lock, and assigns this task to the field.
        await Task.Yield();
        if (_readAt is { } at && RedisKeyRing.ReadInterval - clock.GetElapsedTime(at) is { Ticks: > 0 } pause)
            await Task.Delay(pause, clock);
        lock (_gate)
        {
            // Requests from now on may need a later read.
            _nextRead = null;
            _readAt = clock.GetTimestamp();
        }
        await RestoreAsync(CancellationToken.None);
    }

    private async Task ReloadAsync(ReloadableKeys reloadable, CancellationToken cancellationToken)
    {
        try
        {
            var before = rings.GetCurrentKeyRing();
            reloadable.Reload();
            // The key ring is loaded in the background. Until then the previous one is returned.
            var since = clock.GetTimestamp();
            while (rings.GetCurrentKeyRing() == before && clock.GetElapsedTime(since) < ReloadTimeout)
                await Task.Delay(ReloadCheckInterval, cancellationToken);
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && !SessionStoreUnavailableException.IsCauseOf(failure))
        {
            CannotReload(logger, failure);
        }
    }

    private bool IsLoaded(Guid id)
    {
        try
        {
            return rings.GetCurrentKeyRing().GetAuthenticatedEncryptorByKeyId(id, out _) is not null;
        }
        catch (Exception failure) when (!SessionStoreUnavailableException.IsCauseOf(failure))
        {
            // Data that its keys protect cannot be read.
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The data-protection key ring cannot be read yet. Until then, responses are 503. {Cause}")]
    private static partial void Waiting(ILogger logger, string cause);

    [LoggerMessage(2, LogLevel.Warning, "The changed data-protection key ring in Redis cannot be loaded.")]
    private static partial void CannotReload(ILogger logger, Exception exception);
}
