using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.IntegrationTests.Pages;

public sealed partial class AssetCachingTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Theory]
    [InlineData("gzip, br")]
    [InlineData("identity")]
    public async Task Asset_is_immutable_only_under_its_versioned_url(string encoding)
    {
        using var client = new HttpClient
        {
            BaseAddress = app.Url,
            DefaultRequestHeaders = { { "Accept-Encoding", encoding } },
        };
        using var page = app.NewVisitor();
        var addresses = Asset().Matches(await page.ReadAsync("/account/login"))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(addresses);
        foreach (var address in addresses)
        {
            var (path, version) = (address.Split("?v=")[0], address.Split("?v=")[1]);
            Assert.Equal("public, max-age=31536000, immutable", await CacheControlAsync(address));
            Assert.Equal("no-cache", await CacheControlAsync(path));
            Assert.Equal("no-cache", await CacheControlAsync($"{path}?v="));
            Assert.Equal("no-cache", await CacheControlAsync($"{path}?v={version[..^1]}"));
        }

        async Task<string?> CacheControlAsync(string address)
        {
            using var response = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return response.Headers.GetValues("Cache-Control").Single();
        }
    }

    [GeneratedRegex("""(?:href|src)="(/[^"]+\?v=[^"]+)""")]
    private static partial Regex Asset();
}
