using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// Reads the key ring as soon as the app starts, and again and again until it is there: a node without it can neither
/// read cookies nor make forms, so it is not ready. A ring in Redis is followed from then on: what Redis loses is
/// pushed back, and keys of other nodes are loaded as soon as they are published, or needed.
/// </summary>
/// <param name="provider">Protects with the ring.</param>
/// <param name="rings">Holds the loaded keys.</param>
/// <param name="manager">Loads the keys.</param>
/// <param name="options">Name where the ring is stored.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">The log.</param>
public sealed partial class KeyRing(
    IDataProtectionProvider provider, IKeyRingProvider rings, IKeyManager manager,
    IOptions<KeyManagementOptions> options,
    TimeProvider clock, ILogger<KeyRing> logger) : BackgroundService, IRecoveryParticipant
{
    private const int MaxMissing = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestorePace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReloadPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReloadTimeout = TimeSpan.FromSeconds(2);

    // Null where the ring is not in Redis: nothing is followed then.
    private readonly ClaimedKeyRing? _ring = options.Value.XmlRepository as ClaimedKeyRing;
    private readonly SemaphoreSlim _restoring = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _missing = [];
    private Task? _nextLook;
    private long? _lookedAt;
    private bool _told;

    /// <summary>Whether the key ring has been read.</summary>
    public bool IsReady { get; private set; }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens, if it can be: then nobody is ever told to wait.
        TryRead();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _restoring.Dispose();
        base.Dispose();
    }

    /// <summary>Pushes back the keys that Redis lost, and loads those of other nodes.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis cannot be used.</exception>
    async Task IRecoveryParticipant.RestoreAsync(CancellationToken cancellationToken) =>
        await RestoreAsync(cancellationToken);

    internal async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (_ring is null)
            return;
        await _restoring.WaitAsync(cancellationToken);
        try
        {
            if (await _ring.RestoreAsync(cancellationToken) && manager is ReloadableKeyManager reloadable)
                await ReloadAsync(reloadable, cancellationToken);
        }
        finally
        {
            _restoring.Release();
        }
    }

    /// <summary>
    /// Whether the ring holds a key. Where it is unknown, Redis is read, but at most once per second for all requests.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">The ring cannot be read.</exception>
    internal async ValueTask<bool> HasAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_ring is null || IsLoaded(id))
            return true;
        Task look;
        lock (_gate)
        {
            if (_missing.Contains(id))
                return false;
            look = _nextLook ??= LookAsync();
        }
        await look.WaitAsync(cancellationToken);
        if (IsLoaded(id))
            return true;
        lock (_gate)
            if (_missing.Count < MaxMissing)
                _missing.Add(id);
        return false;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsReady)
        {
            await Task.Delay(Pause, stoppingToken);
            TryRead();
        }
        if (_ring is not null)
            await Task.WhenAll(FollowAsync(_ring, stoppingToken), RestoreRegularlyAsync(stoppingToken));
    }

    private async Task FollowAsync(ClaimedKeyRing ring, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var _ in ring.ChangesAsync(cancellationToken))
                    await TryRestoreAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                CannotFollow(logger, failure);
            }
            await Task.Delay(RestorePace, clock, cancellationToken);
        }
    }

    private async Task RestoreRegularlyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(RestorePace, clock, cancellationToken);
            lock (_gate)
                _missing.Clear();
            await TryRestoreAsync(cancellationToken);
        }
    }

    private async Task TryRestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RestoreAsync(cancellationToken);
        }
        catch (SessionStoreUnavailableException)
        {
            // It is tried again soon, and requests report that Redis is unavailable.
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            CannotReload(logger, failure);
        }
    }

    private async Task LookAsync()
    {
        // The caller holds the lock, and assigns this task.
        await Task.Yield();
        if (_lookedAt is { } at && ClaimedKeyRing.ReadPace - clock.GetElapsedTime(at) is { Ticks: > 0 } pause)
            await Task.Delay(pause, clock);
        lock (_gate)
        {
            // Requests that come now may need a later look.
            _nextLook = null;
            _lookedAt = clock.GetTimestamp();
        }
        await RestoreAsync(CancellationToken.None);
    }

    private async Task ReloadAsync(ReloadableKeyManager reloadable, CancellationToken cancellationToken)
    {
        try
        {
            var before = rings.GetCurrentKeyRing();
            reloadable.Reload();
            // The key ring is loaded in the background; until then the previous one is returned.
            var since = clock.GetTimestamp();
            while (rings.GetCurrentKeyRing() == before && clock.GetElapsedTime(since) < ReloadTimeout)
                await Task.Delay(ReloadPause, cancellationToken);
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
            // Its keys cannot be used, so neither can what they protect.
            return false;
        }
    }

    private void TryRead()
    {
        try
        {
            provider.CreateProtector("SessionWeb.KeyRing").Protect([1]);
            IsReady = true;
        }
        catch (CryptographicException failure)
        {
            if (!_told)
                Waiting(logger, failure.GetBaseException().Message);
            _told = true;
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The data-protection key ring cannot be read yet; requests are answered with 503 until it can. {Cause}")]
    private static partial void Waiting(ILogger logger, string cause);

    [LoggerMessage(2, LogLevel.Warning, "The data-protection key ring in Redis changed and cannot be loaded.")]
    private static partial void CannotReload(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning,
        "The node cannot follow the data-protection key ring in Redis and tries again.")]
    private static partial void CannotFollow(ILogger logger, Exception exception);
}
