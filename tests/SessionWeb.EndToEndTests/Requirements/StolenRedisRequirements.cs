using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>The contents of Redis do not let an attacker impersonate a user.</summary>
[Collection<FarmSiteGroup>]
public sealed partial class StolenRedisRequirements(FarmSite site)
{
    [Fact]
    public async Task R43_Redis_contains_no_usable_credential()
    {
        using var user = await site.SignInAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var me = await user.MeAsync();
        var dump = await redis.ReadAllAsync();
        var tokens = dump.SelectMany(text => PossibleTokens().Matches(text).Select(match => match.Value));
        var candidates = dump.Concat(tokens).Where(IsSendable).ToHashSet();

        // The dump contains the sessions. Otherwise the test would prove nothing.
        Assert.Contains(dump, text => text.Contains(me.Session, StringComparison.Ordinal));
        Assert.Contains(dump, text => text.Contains($"sub${me.AccountId}", StringComparison.Ordinal));
        Assert.DoesNotContain(
            candidates, candidate => candidate == user.Cookies.Session || candidate == admin.Cookies.Session);
        foreach (var candidate in candidates)
            await AssertRefusedAsync(candidate);
        foreach (var candidate in candidates)
            await AssertRefusedAsync(Base64Url.EncodeToString(Encoding.Latin1.GetBytes(candidate)));
    }

    [Fact]
    public async Task R43_Key_ring_in_Redis_yields_no_usable_credential()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var keys = await redis.Database.ListRangeAsync("DataProtection-Keys");
        var protector = ProtectorOf([.. keys.Select(key => XElement.Parse((string)key!))]);

        // The keys allow an attacker to read and create cookies. Redis must not contain a usable session id.
        var token = protector.Unprotect(Base64Url.DecodeFromChars(user.Cookies.Session));
        await site.AssertSignedInAsync(CookiesOf(protector.Protect(token)), account);
        var tag = token[..16];
        var dump = await redis.ReadAllAsync();
        var hashes = dump.SelectMany(text => PossibleHashes().Matches(text).Select(match => match.Value));
        foreach (var hash in hashes.ToHashSet())
        {
            var cookies = CookiesOf(protector.Protect([.. tag, .. Base64Url.DecodeFromChars(hash)]));
            using var attacker = new Visitor(site.Url, cookies);
            using var response = await attacker.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private static IDataProtector ProtectorOf(IReadOnlyCollection<XElement> keys)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDataProtection().SetApplicationName("SessionWeb");
        services.Configure<KeyManagementOptions>(options =>
            (options.XmlRepository, options.AutoGenerateKeys) = (new StolenKeyRepository(keys), false));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("SessionWeb.Sessions", "Cookie", "v1");
    }

    private static CookieJar CookiesOf(byte[] session)
    {
        var cookies = new CookieJar();
        cookies.Set("sid", Base64Url.EncodeToString(session));
        return cookies;
    }

    private async Task AssertRefusedAsync(string secret)
    {
        using var attacker = new Visitor(site.Url);
        attacker.Cookies.Set("sid", secret);
        using (var response = await attacker.GetAsync("/api/me"))
            Assert.False(response.IsSuccessStatusCode, $"The cookie {secret} was accepted.");
        attacker.Cookies.Remove("sid");
        attacker.Headers["Authorization"] = $"Bearer {secret}";
        using (var response = await attacker.GetAsync("/api/me"))
            Assert.False(response.IsSuccessStatusCode, $"The bearer token {secret} was accepted.");
    }

    private static bool IsSendable(string text) =>
        text.Length is > 0 and < 4096 && text.All(c => c is > ' ' and < '\x7f' and not ';');

    [GeneratedRegex("[A-Za-z0-9_+/=-]{6,}")]
    private static partial Regex PossibleTokens();

    // 32 bytes in Base64Url.
    [GeneratedRegex("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![A-Za-z0-9_-])")]
    private static partial Regex PossibleHashes();

    private sealed class StolenKeyRepository(IReadOnlyCollection<XElement> keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => keys;

        public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException();
    }
}
