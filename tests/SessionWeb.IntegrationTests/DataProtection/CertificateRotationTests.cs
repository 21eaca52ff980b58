using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SessionWeb.IntegrationTests.DataProtection;

/// <summary>Rotation of <c>DataProtection:Certificate</c> with the key ring in Redis.</summary>
public sealed class CertificateRotationTests(RedisServer server) : IClassFixture<RedisServer>, IDisposable
{
    private const string FormerPath = "DataProtection:FormerCertificates:0:Path";

    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task B15_Session_survives_a_certificate_rotation()
    {
        var (first, second) = (NewCertificate("first"), NewCertificate("second"));
        string cookie;
        await using (var app = await StartAsync(
            $"--DataProtection:Certificate={first}", "--DataProtection:CertificatePassword=first"))
        {
            using var user = app.NewVisitor();
            await user.SignInAsync(TestUsers.Alice);
            Assert.NotNull(await user.HandleAsync());
            cookie = user.Cookies.Header;
        }

        string[] settings = [$"--DataProtection:Certificate={second}", "--DataProtection:CertificatePassword=second"];
        string[] withFormer =
            [.. settings, $"--{FormerPath}={first}", "--DataProtection:FormerCertificates:0:Password=first"];
        await using (var app = await StartAsync(withFormer))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, cookie));
        await using (var app = await StartAsync(settings))
            Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(app, cookie));

        // A node without the former certificate must not change the keys that it encrypted.
        await using (var app = await StartAsync(withFormer))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, cookie));
        foreach (var key in await (await server.ConnectAsync()).ListRangeAsync("DataProtection-Keys"))
            Assert.DoesNotContain("<masterKey", key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Path", "/missing.pfx", $"{FormerPath} must be a readable PKCS#12 file with its password, but was")]
    [InlineData("Password", "only", $"{FormerPath} must be a readable PKCS#12 file, but is missing")]
    public async Task B15_Invalid_former_certificate_stops_startup(string name, string value, string message)
    {
        var (code, _, error) = await AppProcess.RunAsync(
            Repository.Root, "", "--environment=Production", $"--DataDirectory={_data.FullPath}",
            "--urls=http://127.0.0.1:0", $"--DataProtection:FormerCertificates:0:{name}={value}");
        Assert.Equal(1, code);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private Task<AppProcess> StartAsync(params string[] settings) =>
        AppProcess.StartAsync(
            _data.FullPath, "Development", [$"--ConnectionStrings:Redis={server.Configuration}", .. settings]);

    private static async Task<HttpStatusCode> StatusAsync(AppProcess app, string cookie)
    {
        using var client = new Visitor(app.Url) { Headers = { ["Cookie"] = cookie } };
        using var response = await client.GetAsync("/api/me");
        return response.StatusCode;
    }

    private string NewCertificate(string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={password}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var path = Path.Combine(_data.FullPath, $"{password}.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }
}
