using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Who may do what, and that nobody can be made to do it.</summary>
public abstract partial class AccessRequirements(ISite site)
{
    private static readonly Dictionary<string, string> NoFields = [];

    [Fact]
    public async Task R23_Nothing_is_done_without_a_form_of_ones_own()
    {
        var account = await site.RegisterAsync();
        using var early = new Visitor(site.Url);
        var earlyToken = await early.TokenAsync("/account/login");
        using var stranger = await site.SignInAsync();
        var strangersToken = await stranger.TokenAsync("/account/sessions");
        using var victim = new Visitor(site.Url, early.Cookies);
        await victim.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        var secondHandle = (await second.MeAsync()).Session;

        foreach (var (path, fields) in OwnActions(account, secondHandle))
            await AssertRefusedAsync(victim, path, fields, earlyToken, strangersToken, stranger);

        await site.AssertSignedInAsync(victim.Cookies, account);
        await site.AssertSignedInAsync(second.Cookies, account);
        using var still = await site.SignInAsync(account);
    }

    [Fact]
    public async Task R23_No_administrator_is_made_to_do_anything()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var me = await person.MeAsync();
        using var early = new Visitor(site.Url);
        var earlyToken = await early.TokenAsync("/account/login");
        using var admin = new Visitor(site.Url, early.Cookies);
        await admin.SignInAsync(TestUsers.Admin);
        var strangersToken = await person.TokenAsync("/account/sessions");

        foreach (var (path, fields) in AdminActions(me))
            await AssertRefusedAsync(admin, path, fields, earlyToken, strangersToken, person);

        await site.AssertSignedInAsync(person.Cookies, account);
    }

    [Fact]
    public async Task R25_Nobody_ends_a_session_of_somebody_else()
    {
        var account = await site.RegisterAsync();
        using var victim = await site.SignInAsync(account);
        var me = await victim.MeAsync();
        using var attacker = await site.SignInAsync();

        foreach (var entrance in site.Entrances)
            foreach (var id in (string[])[me.Session, me.Session[..6], "*", "", me.AccountId, $"{me.AccountId}:{me.Session}", victim.Cookies.Session!])
            {
                using var answer = await attacker.SubmitAsync("/account/sessions", "revoke", new()
                {
                    ["id"] = id, ["account"] = me.AccountId, ["accountId"] = me.AccountId, ["UserName"] = account.UserName,
                }, at: entrance);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }

        using (await attacker.SubmitAsync("/account/sessions", "revoke-others", new() { ["account"] = me.AccountId }))
        {
        }
        await site.AssertSignedInAsync(victim.Cookies, account);
    }

    [Fact]
    public async Task R26_Lists_show_handles_and_a_handle_opens_nothing()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var handle = (await second.MeAsync()).Session;
        var devices = await person.ReadAsync("/account/sessions");
        var online = await admin.ReadAsync($"/admin/sessions?q={account.UserName}");

        Assert.Contains(handle, devices, StringComparison.Ordinal);
        Assert.Contains(handle, online, StringComparison.Ordinal);
        foreach (var session in (string[])[person.Cookies.Session!, second.Cookies.Session!, admin.Cookies.Session!])
            Assert.DoesNotContain(session, devices + online, StringComparison.Ordinal);
        await site.AssertRefusedAsync(handle);

        // Nor does anything else that the lists show.
        using var thief = new Visitor(site.Url);
        foreach (var token in Tokens().Matches(devices + online).Select(match => match.Value).Distinct())
        {
            thief.Cookies.Set("sid", token);
            using var answer = await thief.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task R27_Administration_is_denied_to_others_and_the_attempt_is_logged()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        using var victim = await site.SignInAsync(TestUsers.Alice);
        var alice = await victim.MeAsync();

        foreach (var entrance in site.Entrances)
        {
            using (var page = await person.GetAsync("/admin/sessions", entrance))
                Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
            using (var page = await person.GetAsync("/ADMIN/Sessions/", entrance))
                Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
            var token = await person.TokenAsync("/account/sessions", entrance);
            foreach (var (path, fields) in AdminActions(alice))
            {
                using var answer = await person.PostAsync(path, fields.Append(token), entrance);
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            }
            using var stranger = new Visitor(site.Url);
            using var sent = await stranger.GetAsync("/admin/sessions", entrance);
            Assert.Equal("/account/login", sent.Headers.Location?.AbsolutePath);
        }

        await site.AssertSignedInAsync(victim.Cookies, TestUsers.Alice);
        await Eventually.TrueAsync(
            () => site.Log.Contains($"{account.UserName} was denied GET /admin/sessions", StringComparison.Ordinal),
            () => site.Log);
    }

    private static IEnumerable<(string Path, Dictionary<string, string> Fields)> OwnActions(TestUser account, string handle) =>
    [
        ("/account/logout", NoFields),
        ("/account/sessions?handler=revoke", new() { ["id"] = handle }),
        ("/account/sessions?handler=revoke-others", NoFields),
        ("/account/password", new()
        {
            ["Input.CurrentPassword"] = account.Password,
            ["Input.NewPassword"] = "chosen by somebody else",
            ["Input.ConfirmPassword"] = "chosen by somebody else",
        }),
    ];

    private static IEnumerable<(string Path, Dictionary<string, string> Fields)> AdminActions(Me somebody) =>
    [
        ("/admin/sessions?handler=revoke", new() { ["account"] = somebody.AccountId, ["id"] = somebody.Session }),
        ("/admin/sessions?handler=revoke-selected", new() { ["ids"] = $"{somebody.AccountId}:{somebody.Session}" }),
        ("/admin/sessions?handler=revoke-account", new() { ["account"] = somebody.AccountId }),
        ("/admin/sessions?handler=revoke-everyone", new() { ["sure"] = "true" }),
    ];

    private async Task AssertRefusedAsync(
        Visitor victim, string path, Dictionary<string, string> fields,
        KeyValuePair<string, string> earlyToken, KeyValuePair<string, string> strangersToken, Visitor stranger)
    {
        foreach (var entrance in site.Entrances)
        {
            var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
            using (await victim.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}", entrance))
            {
            }
            foreach (var sent in (IEnumerable<KeyValuePair<string, string>>[])[fields, [.. fields, earlyToken], [.. fields, strangersToken]])
            {
                using var answer = await victim.PostAsync(path, sent, entrance);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            }

            // A token in the address does not count, nor does somebody else's with the cookie that goes with it.
            using (var answer = await victim.PostAsync(path, [.. fields, new("x", earlyToken.Value)], entrance))
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            using var mixed = new Visitor(site.Url, victim.Cookies.Copy());
            mixed.Cookies.Set("csrf", stranger.Cookies.Cookies["csrf"]);
            using (var answer = await mixed.PostAsync(path, [.. fields, strangersToken], entrance))
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);

            foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch])
            {
                using var answer = await victim.SendAsync(new HttpRequestMessage(method, new Uri(entrance, path)) { Content = new FormUrlEncodedContent(fields) });
                Assert.False(answer.IsSuccessStatusCode);
            }
        }
    }

    [GeneratedRegex("[A-Za-z0-9_-]{10,}")]
    private static partial Regex Tokens();
}

[Collection<OnFarmSite>]
public sealed class AccessRequirementsOnFarm(FarmSite site) : AccessRequirements(site);

[Collection<OnEmbeddedSite>]
public sealed class AccessRequirementsOnEmbedded(EmbeddedSite site) : AccessRequirements(site);
