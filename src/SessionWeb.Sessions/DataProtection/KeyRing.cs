using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// Reads the key ring as soon as the app starts, and again and again until it is there: a node without it can neither read cookies nor
/// make forms, so it is not ready.
/// </summary>
public sealed partial class KeyRing(IDataProtectionProvider provider, ILogger<KeyRing> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsReady)
        {
            await Task.Delay(Pause, stoppingToken);
            TryRead();
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

    [LoggerMessage(1, LogLevel.Warning, "The data-protection key ring cannot be read yet; requests are answered with 503 until it can. {Cause}")]
    private static partial void Waiting(ILogger logger, string cause);
}
