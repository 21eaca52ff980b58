using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Session ids, return URLs and antiforgery tokens at sign-in.</summary>
public abstract class SignInRequirements(ISite site)
{
    [Fact]
    public async Task R01_Sign_in_replaces_the_session_id_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        for (var signIn = 0; signIn < 3; signIn++)
        {
            var old = visitor.Cookies.Copy();
            await visitor.SignInAsync(account, site.EntryPoints[signIn % site.EntryPoints.Count]);

            Assert.NotEqual(old.Session, visitor.Cookies.Session);
            await site.AssertRefusedAsync(old);
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    [Fact]
    public async Task R02_Sign_in_never_adopts_a_planted_session_id()
    {
        using var attacker = await site.SignInAsync();
        using var former = await site.SignInAsync();
        var ended = former.Cookies.Session!;
        using (await former.SubmitAsync("/account/logout"))
        {
        }
        var forged = attacker.Cookies.Session![..^6] + "AAAAAA";
        string[] planted =
        [
            Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()), "1", forged, ended, attacker.Cookies.Session!,
        ];

        foreach (var session in planted)
        {
            var account = await site.RegisterAsync();
            using var victim = new Visitor(site.Url);
            victim.Cookies.Set("sid", session);
            await victim.SignInAsync(account);

            Assert.NotEqual(session, victim.Cookies.Session);
            await site.AssertSignedInAsync(victim.Cookies, account);
            await site.AssertRefusedAsync(session);
        }
    }

    [Fact]
    public async Task R02_Sign_in_never_restores_an_ended_session()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var ended = visitor.Cookies.Session!;
        using (await visitor.SubmitAsync("/account/logout"))
        {
        }
        visitor.Cookies.Set("sid", ended);
        await visitor.SignInAsync(account);

        Assert.NotEqual(ended, visitor.Cookies.Session);
        await site.AssertRefusedAsync(ended);
    }

    [Fact]
    public async Task R03_Session_ids_are_random_and_opaque()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var id = (await visitor.MeAsync()).AccountId;
        List<byte[]> ids = [];
        for (var signIn = 0; signIn < 15; signIn++)
        {
            await visitor.SignInAsync(account);
            ids.Add(Base64Url.DecodeFromChars(visitor.Cookies.Session));
        }

        Assert.Equal(ids.Count, ids.Select(Convert.ToHexString).Distinct().Count());
        // The first 20 bytes identify the data protection key. Half of the other bits differ if they are random.
        var pairs = ids.SelectMany((one, i) => ids.Skip(i + 1).Select(other => (one[20..], other[20..])));
        foreach (var (one, other) in pairs)
            Assert.InRange(one.Zip(other, (a, b) => BitOperations.PopCount((uint)(a ^ b))).Average() / 8, 0.35, 0.65);
        foreach (var decodedId in ids.Select(Encoding.Latin1.GetString))
        {
            Assert.DoesNotContain(account.UserName, decodedId, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(id, decodedId, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("//evil.test")]
    [InlineData("///evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("\\\\evil.test")]
    [InlineData("https:evil.test")]
    [InlineData("https://evil.test/account")]
    [InlineData("http:/evil.test")]
    [InlineData("/\t/evil.test")]
    [InlineData("/\n/evil.test")]
    [InlineData("/\r\n/evil.test")]
    [InlineData("\t//evil.test")]
    [InlineData(" //evil.test")]
    [InlineData("/%09/evil.test")]
    [InlineData("/%2Fevil.test")]
    [InlineData("%2F%2Fevil.test")]
    [InlineData("~//evil.test")]
    [InlineData("~/\\evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("@evil.test")]
    [InlineData(".evil.test")]
    [InlineData("/ok\r\nLocation: https://evil.test")]
    public async Task R14_External_return_URL_is_not_followed(string returnUrl)
    {
        var account = TestUsers.Bob;
        using var visitor = new Visitor(site.Url);
        var page = $"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var fields = new Dictionary<string, string>
        {
            ["Input.UserName"] = account.UserName,
            ["Input.Password"] = account.Password,
            ["returnUrl"] = returnUrl,
        };
        using var response = await visitor.SubmitAsync(page, fields: fields);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.NotNull(visitor.Cookies.Session);
        Assert.Equal(site.Url.Authority, ResolveAsBrowser(response.Headers.GetValues("Location").Single()).Authority);
    }

    [Fact]
    public async Task R14_Local_return_URL_is_followed()
    {
        var account = await site.RegisterAsync();
        using var visitor = new Visitor(site.Url);
        using var redirect = await visitor.GetAsync("/account/sessions?page=2");
        var loginPath = ResolveAsBrowser(redirect.Headers.GetValues("Location").Single()).PathAndQuery;
        using var response = await visitor.SubmitAsync(loginPath, fields: new()
        {
            ["Input.UserName"] = account.UserName,
            ["Input.Password"] = account.Password,
        });

        Assert.Equal("/account/sessions?page=2", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task R15_Sign_in_requires_its_own_antiforgery_token()
    {
        var account = await site.RegisterAsync();
        var fields = new Dictionary<string, string>
        {
            ["Input.UserName"] = account.UserName,
            ["Input.Password"] = account.Password,
        };
        using var attacker = new Visitor(site.Url);
        var foreignToken = await attacker.TokenAsync("/account/login");

        foreach (var entryPoint in site.EntryPoints)
        {
            using var withoutToken = new Visitor(site.Url);
            await AssertNotSignedInAsync(
                withoutToken, await withoutToken.PostAsync("/account/login", fields, entryPoint));

            using var withoutCookie = new Visitor(site.Url);
            await AssertNotSignedInAsync(
                withoutCookie,
                await withoutCookie.PostAsync("/account/login", fields.Append(foreignToken), entryPoint));

            using var mixed = new Visitor(site.Url);
            await mixed.GetAsync("/account/login", entryPoint);
            await AssertNotSignedInAsync(
                mixed, await mixed.PostAsync("/account/login", fields.Append(foreignToken), entryPoint));
        }
    }

    // Browsers remove tabs and newlines and treat a backslash as a slash (WHATWG URL, 4.4).
    private Uri ResolveAsBrowser(string location) =>
        new(
            site.Url,
            location
                .Replace("\t", "", StringComparison.Ordinal)
                .Replace("\n", "", StringComparison.Ordinal)
                .Replace("\r", "", StringComparison.Ordinal)
                .Trim()
                .Replace('\\', '/'));

    private static async Task AssertNotSignedInAsync(Visitor visitor, HttpResponseMessage response)
    {
        using (response)
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(visitor.Cookies.Session);
        using var api = await visitor.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }
}

[Collection<FarmSiteGroup>]
public sealed class SignInRequirementsOnFarm(FarmSite site) : SignInRequirements(site);

[Collection<EmbeddedSiteGroup>]
public sealed class SignInRequirementsOnEmbedded(EmbeddedSite site) : SignInRequirements(site);
