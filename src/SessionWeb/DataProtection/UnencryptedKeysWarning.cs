namespace SessionWeb.DataProtection;

/// <summary>Warns at startup that the data-protection keys are stored unencrypted.</summary>
internal sealed partial class UnencryptedKeysWarning(ILogger<UnencryptedKeysWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        KeysAreUnencrypted(logger);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning,
        "The data-protection keys are stored unencrypted. Set DataProtection:Certificate to encrypt them.")]
    private static partial void KeysAreUnencrypted(ILogger logger);
}
