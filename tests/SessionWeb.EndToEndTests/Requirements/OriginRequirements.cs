using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What a client says of where it comes from and where it wants to go.</summary>
[Collection<OnFarmSite>]
public sealed class OriginRequirements(FarmSite site)
{
    [Theory]
    [InlineData("X-Forwarded-For", "6.6.6.6")]
    [InlineData("X-Forwarded-For", "6.6.6.6, 127.0.0.2")]
    [InlineData("X-Forwarded-For", "::ffff:6.6.6.6")]
    [InlineData("X-Real-IP", "6.6.6.6")]
    [InlineData("Forwarded", "for=6.6.6.6")]
    [InlineData("X-Original-For", "6.6.6.6")]
    public async Task R46_Address_is_the_one_that_the_client_came_from(string header, string value)
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var (entrance, number) in site.Entrances.Select((entrance, number) => (entrance, number)))
        {
            var from = IPAddress.Parse($"127.0.1.{number + 1}");
            using var visitor = new Visitor(site.Url, from: from);
            visitor.Headers[header] = value;
            await visitor.SignInAsync(account, entrance);

            foreach (var page in (string[])[
                await visitor.ReadAsync("/", entrance), await visitor.ReadAsync("/account/sessions", entrance),
                await admin.ReadAsync($"/admin/sessions?q={account.UserName}")])
            {
                Assert.Contains(from.ToString(), page, StringComparison.Ordinal);
                Assert.DoesNotContain("6.6.6.6", page, StringComparison.Ordinal);
            }
        }
        Assert.DoesNotContain("6.6.6.6", site.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R46_Scheme_and_host_are_not_the_clients_to_say()
    {
        foreach (var entrance in site.Entrances)
        {
            using var visitor = new Visitor(site.Url);
            visitor.Headers["X-Forwarded-Proto"] = "https";
            visitor.Headers["X-Forwarded-Host"] = "evil.test";
            visitor.Headers["X-Forwarded-Prefix"] = "/evil";
            visitor.Headers["X-Original-URL"] = "/admin/sessions";
            visitor.Headers["X-HTTP-Method-Override"] = "POST";
            using var sent = await visitor.GetAsync("/account/sessions", entrance);

            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            Assert.Equal(entrance.GetLeftPart(UriPartial.Authority), sent.Headers.Location?.GetLeftPart(UriPartial.Authority));
            Assert.StartsWith("/account/login", sent.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", await visitor.ReadAsync("/account/login", entrance), StringComparison.Ordinal);
            Assert.DoesNotContain(visitor.Cookies.Cookies.Keys, name => name.StartsWith("__Host-", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Host: evil.test")]
    [InlineData("Host: localhost.evil.test")]
    [InlineData("Host: evil.test:80\\@localhost")]
    [InlineData("Host: localhost\r\nHost: evil.test")]
    [InlineData("X-Nothing: 1")]
    public async Task R47_Other_hosts_are_not_served(string headers)
    {
        foreach (var entrance in site.Entrances)
        {
            var answer = await RawRequest.SendAsync(entrance, $"GET /account/sessions HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");
            Assert.Equal(400, RawRequest.StatusOf(answer));
            Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    public async Task B15_Request_without_a_host_is_refused(string request)
    {
        foreach (var entrance in site.Entrances)
            Assert.Equal(400, RawRequest.StatusOf(await RawRequest.SendAsync(entrance, request)));
    }

    [Fact]
    public async Task R47_Host_in_the_request_line_does_not_count()
    {
        foreach (var entrance in site.Entrances)
        {
            var answer = await RawRequest.SendAsync(
                entrance, "GET http://evil.test/account/sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
        }
    }
}
