using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Clients cannot forge their address, the scheme or the host.</summary>
[Collection<FarmSiteGroup>]
public sealed class RequestHeaderRequirements(FarmSite site)
{
    [Theory]
    [InlineData("X-Forwarded-For", "6.6.6.6")]
    [InlineData("X-Forwarded-For", "6.6.6.6, 127.0.0.2")]
    [InlineData("X-Forwarded-For", "::ffff:6.6.6.6")]
    [InlineData("X-Real-IP", "6.6.6.6")]
    [InlineData("Forwarded", "for=6.6.6.6")]
    [InlineData("X-Original-For", "6.6.6.6")]
    public async Task R46_Client_address_ignores_forged_headers(string header, string value)
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var (entryPoint, number) in site.EntryPoints.Select((entryPoint, number) => (entryPoint, number)))
        {
            var from = IPAddress.Parse($"127.0.1.{number + 1}");
            using var visitor = new Visitor(site.Url, from: from);
            visitor.Headers[header] = value;
            await visitor.SignInAsync(account, entryPoint);

            foreach (var page in (string[])
            [
                await visitor.ReadAsync("/", entryPoint), await visitor.ReadAsync("/account/sessions", entryPoint),
                await admin.ReadAsync($"/admin/sessions?q={account.UserName}"),
            ])
            {
                Assert.Contains(from.ToString(), page, StringComparison.Ordinal);
                Assert.DoesNotContain("6.6.6.6", page, StringComparison.Ordinal);
            }
        }
        Assert.DoesNotContain("6.6.6.6", site.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R46_Scheme_and_host_ignore_forged_headers()
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            using var visitor = new Visitor(site.Url);
            visitor.Headers["X-Forwarded-Proto"] = "https";
            visitor.Headers["X-Forwarded-Host"] = "evil.test";
            visitor.Headers["X-Forwarded-Prefix"] = "/evil";
            visitor.Headers["X-Original-URL"] = "/admin/sessions";
            visitor.Headers["X-HTTP-Method-Override"] = "POST";
            using var redirect = await visitor.GetAsync("/account/sessions", entryPoint);

            Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
            Assert.Equal(
                entryPoint.GetLeftPart(UriPartial.Authority),
                redirect.Headers.Location?.GetLeftPart(UriPartial.Authority));
            Assert.StartsWith("/account/login", redirect.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
            Assert.DoesNotContain(
                "evil", await visitor.ReadAsync("/account/login", entryPoint), StringComparison.Ordinal);
            Assert.DoesNotContain(
                visitor.Cookies.Cookies.Keys, name => name.StartsWith("__Host-", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Host: evil.test")]
    [InlineData("Host: localhost.evil.test")]
    [InlineData("Host: evil.test:80\\@localhost")]
    [InlineData("Host: localhost\r\nHost: evil.test")]
    [InlineData("X-Nothing: 1")]
    public async Task R47_Unknown_host_is_refused(string headers)
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            var response = await RawRequest.SendAsync(
                entryPoint, $"GET /account/sessions HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");
            Assert.Equal(400, RawRequest.StatusOf(response));
            Assert.DoesNotContain("evil", response, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    public async Task B15_Request_without_a_host_is_refused(string request)
    {
        foreach (var entryPoint in site.EntryPoints)
            Assert.Equal(400, RawRequest.StatusOf(await RawRequest.SendAsync(entryPoint, request)));
    }

    [Fact]
    public async Task R47_Host_in_the_request_line_is_ignored()
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            var response = await RawRequest.SendAsync(
                entryPoint,
                "GET http://evil.test/account/sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.DoesNotContain("evil", response, StringComparison.Ordinal);
        }
    }
}
