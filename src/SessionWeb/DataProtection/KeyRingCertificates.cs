using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SessionWeb.Hosting;

namespace SessionWeb.DataProtection;

/// <summary>The certificates under <c>DataProtection</c>, which encrypt the data-protection keys at rest.</summary>
/// <param name="Current">Encrypts new keys. Null if keys are stored unencrypted.</param>
/// <param name="Former">Decrypt existing keys.</param>
internal sealed record KeyRingCertificates(X509Certificate2? Current, IReadOnlyList<X509Certificate2> Former)
{
    public IEnumerable<X509Certificate2> All => Current is null ? Former : Former.Prepend(Current);

    /// <exception cref="StartupException">A certificate cannot be loaded.</exception>
    public static KeyRingCertificates Load(IConfiguration configuration) => new(
        Load(configuration, "DataProtection:Certificate", "DataProtection:CertificatePassword"),
        [
            .. configuration.GetSection("DataProtection:FormerCertificates").GetChildren()
                .Select(section => Load(configuration, $"{section.Path}:Path", $"{section.Path}:Password")
                    ?? throw new StartupException(
                        $"{section.Path}:Path must be a readable PKCS#12 file, but is missing.")),
        ]);

    /// <returns>Null if the setting is empty.</returns>
    private static X509Certificate2? Load(IConfiguration configuration, string setting, string passwordSetting)
    {
        if (configuration[setting] is not { Length: > 0 } path)
            return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration[passwordSetting]);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null
                ? certificate
                : throw new StartupException(
                    $"{setting} must be a certificate with an RSA private key, but was '{path}'.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"{setting} must be a readable PKCS#12 file with its password, but was '{path}': {failure.Message}",
                failure);
        }
    }
}
