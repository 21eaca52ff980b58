using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What signing in does, and what it lets nobody do.</summary>
public abstract class SignInRequirements(ISite site)
{
    [Fact]
    public async Task R01_New_id_at_every_sign_in_and_the_old_one_is_dead_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        for (var again = 0; again < 3; again++)
        {
            var old = visitor.Cookies.Copy();
            await visitor.SignInAsync(account, site.Entrances[again % site.Entrances.Count]);

            Assert.NotEqual(old.Session, visitor.Cookies.Session);
            await site.AssertRefusedAsync(old);
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    [Fact]
    public async Task R02_Planted_id_is_never_adopted()
    {
        using var attacker = await site.SignInAsync();
        using var former = await site.SignInAsync();
        var ended = former.Cookies.Session!;
        using (await former.SubmitAsync("/account/logout"))
        {
        }
        var forged = attacker.Cookies.Session![..^6] + "AAAAAA";
        string[] planted = [Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()), "1", forged, ended, attacker.Cookies.Session!];

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
    public async Task R02_Id_that_has_ended_is_not_revived_by_signing_in_with_it()
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
    public async Task R03_Ids_are_random_and_tell_nothing()
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
        // Data protection's own first 20 bytes say which key it was; at random, half of all other bits differ.
        foreach (var (one, other) in ids.SelectMany((one, i) => ids.Skip(i + 1).Select(other => (one[20..], other[20..]))))
            Assert.InRange(one.Zip(other, (a, b) => BitOperations.PopCount((uint)(a ^ b))).Average() / 8, 0.35, 0.65);
        foreach (var text in ids.Select(Encoding.Latin1.GetString))
        {
            Assert.DoesNotContain(account.UserName, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(id, text, StringComparison.OrdinalIgnoreCase);
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
    public async Task R14_Return_url_leads_nowhere_else(string returnUrl)
    {
        var account = TestUsers.Bob;
        using var visitor = new Visitor(site.Url);
        var page = $"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var fields = new Dictionary<string, string>
        {
            ["Input.UserName"] = account.UserName, ["Input.Password"] = account.Password, ["returnUrl"] = returnUrl,
        };
        using var answer = await visitor.SubmitAsync(page, fields: fields);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.NotNull(visitor.Cookies.Session);
        Assert.Equal(site.Url.Authority, AsBrowsersResolve(answer.Headers.GetValues("Location").Single()).Authority);
    }

    [Fact]
    public async Task R14_Return_url_within_the_site_is_followed()
    {
        var account = await site.RegisterAsync();
        using var visitor = new Visitor(site.Url);
        using var sent = await visitor.GetAsync("/account/sessions?page=2");
        var login = AsBrowsersResolve(sent.Headers.GetValues("Location").Single()).PathAndQuery;
        using var answer = await visitor.SubmitAsync(login, fields: new()
        {
            ["Input.UserName"] = account.UserName, ["Input.Password"] = account.Password,
        });

        Assert.Equal("/account/sessions?page=2", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task R15_Sign_in_takes_only_its_own_pages_token()
    {
        var account = await site.RegisterAsync();
        var fields = new Dictionary<string, string> { ["Input.UserName"] = account.UserName, ["Input.Password"] = account.Password };
        using var attacker = new Visitor(site.Url);
        var foreign = await attacker.TokenAsync("/account/login");

        foreach (var entrance in site.Entrances)
        {
            using var bare = new Visitor(site.Url);
            await AssertNotSignedInAsync(bare, await bare.PostAsync("/account/login", fields, entrance));

            using var foreigner = new Visitor(site.Url);
            await AssertNotSignedInAsync(foreigner, await foreigner.PostAsync("/account/login", fields.Append(foreign), entrance));

            using var mixed = new Visitor(site.Url);
            await mixed.GetAsync("/account/login", entrance);
            await AssertNotSignedInAsync(mixed, await mixed.PostAsync("/account/login", fields.Append(foreign), entrance));
        }
    }

    // They drop tabs and line ends, and take a backslash for a slash (WHATWG URL, 4.4).
    private Uri AsBrowsersResolve(string location) =>
        new(site.Url, location.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal).Trim().Replace('\\', '/'));

    private static async Task AssertNotSignedInAsync(Visitor visitor, HttpResponseMessage response)
    {
        using (response)
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(visitor.Cookies.Session);
        using var api = await visitor.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }
}

[Collection<OnFarmSite>]
public sealed class SignInRequirementsOnFarm(FarmSite site) : SignInRequirements(site);

[Collection<OnEmbeddedSite>]
public sealed class SignInRequirementsOnEmbedded(EmbeddedSite site) : SignInRequirements(site);
