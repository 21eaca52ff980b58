using System.Net;

namespace SessionWeb.IntegrationTests.Security;

/// <summary>Without <c>ForwardedHeaders:KnownProxies</c>, a client cannot set its address or scheme.</summary>
public sealed class ForwardedHeadersTests : IDisposable
{
    private const string ForwardedHeadersEnabled = "--ForwardedHeaders_Enabled=true";

    private readonly TemporaryDirectory _data = new();

    [Theory]
    [InlineData("--Node:Name=alone")]
    [InlineData("--ForwardedHeaders:KnownProxies= ")]
    [InlineData(ForwardedHeadersEnabled)]
    public async Task B01_Forwarded_address_from_a_client_is_ignored(string setting)
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development", setting);
        using var client = app.NewVisitor();
        client.Headers["X-Forwarded-For"] = "6.6.6.6";
        client.Headers["X-Forwarded-Proto"] = "https";
        await client.SignInAsync(TestUsers.Alice);

        foreach (var page in (string[])["/", "/account/sessions", "/account/activity"])
        {
            var text = await client.ReadAsync(page);
            Assert.Contains("127.0.0.1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("6.6.6.6", text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(app.Log, line => line.Contains("6.6.6.6", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Node:Name=alone")]
    [InlineData(ForwardedHeadersEnabled)]
    public async Task B01_Forwarded_scheme_from_a_client_is_ignored(string setting)
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Production", setting);
        using var client = app.NewVisitor();
        client.Headers["X-Forwarded-Proto"] = "https";
        foreach (var path in (string[])["/", "/account/login", "/api/me"])
        {
            using var response = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
            Assert.Equal($"https://localhost{path}", response.Headers.Location?.ToString());
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    public void Dispose() => _data.Dispose();
}
