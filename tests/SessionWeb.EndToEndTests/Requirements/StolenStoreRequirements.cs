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

/// <summary>Whoever reads all of Redis still cannot be anybody.</summary>
[Collection<OnFarmSite>]
public sealed partial class StolenStoreRequirements(FarmSite site)
{
    [Fact]
    public async Task R43_Nothing_in_redis_is_a_credential()
    {
        using var person = await site.SignInAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var me = await person.MeAsync();
        var dump = await redis.AllAsync();
        var candidates = dump.Concat(dump.SelectMany(text => Tokens().Matches(text).Select(match => match.Value))).Where(IsSendable).ToHashSet();

        // They are in there: looked for and not found would prove nothing.
        Assert.Contains(dump, text => text.Contains(me.Session, StringComparison.Ordinal));
        Assert.Contains(dump, text => text.Contains($"sub${me.AccountId}", StringComparison.Ordinal));
        Assert.DoesNotContain(candidates, candidate => candidate == person.Cookies.Session || candidate == admin.Cookies.Session);
        foreach (var candidate in candidates)
            await AssertNobodyAsync(candidate);
        foreach (var candidate in candidates)
            await AssertNobodyAsync(Base64Url.EncodeToString(Encoding.Latin1.GetBytes(candidate)));
    }

    [Fact]
    public async Task R43_Key_ring_of_redis_turns_none_of_it_into_a_credential()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var keys = await redis.Database.ListRangeAsync("DataProtection-Keys");
        var protector = ProtectorOf([.. keys.Select(key => XElement.Parse((string)key!))]);

        // With the keys one can read cookies and make such that nodes read: what is in Redis must still not do.
        var token = protector.Unprotect(Base64Url.DecodeFromChars(person.Cookies.Session));
        await site.AssertSignedInAsync(CookiesOf(protector.Protect(token)), account);
        var tag = token[..16];
        foreach (var hash in (await redis.AllAsync()).SelectMany(text => Hashes().Matches(text).Select(match => match.Value)).ToHashSet())
        {
            var cookies = CookiesOf(protector.Protect([.. tag, .. Base64Url.DecodeFromChars(hash)]));
            using var thief = new Visitor(site.Url, cookies);
            using var answer = await thief.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private static IDataProtector ProtectorOf(IReadOnlyCollection<XElement> keys)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDataProtection().SetApplicationName("SessionWeb");
        services.Configure<KeyManagementOptions>(options => (options.XmlRepository, options.AutoGenerateKeys) = (new Stolen(keys), false));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("SessionWeb.Sessions", "Cookie", "v1");
    }

    private static CookieJar CookiesOf(byte[] session)
    {
        var cookies = new CookieJar();
        cookies.Set("sid", Base64Url.EncodeToString(session));
        return cookies;
    }

    private async Task AssertNobodyAsync(string secret)
    {
        using var thief = new Visitor(site.Url);
        thief.Cookies.Set("sid", secret);
        using (var answer = await thief.GetAsync("/api/me"))
            Assert.False(answer.IsSuccessStatusCode, $"The cookie {secret} was accepted.");
        thief.Cookies.Remove("sid");
        thief.Headers["Authorization"] = $"Bearer {secret}";
        using (var answer = await thief.GetAsync("/api/me"))
            Assert.False(answer.IsSuccessStatusCode, $"The bearer token {secret} was accepted.");
    }

    private static bool IsSendable(string text) => text.Length is > 0 and < 4096 && text.All(c => c is > ' ' and < '\x7f' and not ';');

    [GeneratedRegex("[A-Za-z0-9_+/=-]{6,}")]
    private static partial Regex Tokens();

    // What 32 bytes look like.
    [GeneratedRegex("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![A-Za-z0-9_-])")]
    private static partial Regex Hashes();

    private sealed class Stolen(IReadOnlyCollection<XElement> keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => keys;

        public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException();
    }
}
