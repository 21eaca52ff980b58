using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Authorization, and protection against forged requests (CSRF).</summary>
public abstract partial class AccessControlRequirements(ISite site)
{
    private static readonly Dictionary<string, string> NoFields = [];

    [Fact]
    public async Task R23_Forged_request_changes_nothing_for_a_user()
    {
        var account = await site.RegisterAsync();
        using var beforeSignIn = new Visitor(site.Url);
        var anonymousToken = await beforeSignIn.TokenAsync("/account/login");
        using var other = await site.SignInAsync();
        var otherToken = await other.TokenAsync("/account/sessions");
        using var victim = new Visitor(site.Url, beforeSignIn.Cookies);
        await victim.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        var secondHandle = (await second.MeAsync()).Session;

        foreach (var (path, fields) in OwnActions(account, secondHandle))
            await AssertRefusedAsync(victim, path, fields, anonymousToken, otherToken, other);

        await site.AssertSignedInAsync(victim.Cookies, account);
        await site.AssertSignedInAsync(second.Cookies, account);
        using var signInAgain = await site.SignInAsync(account);
    }

    [Fact]
    public async Task R23_Forged_request_changes_nothing_for_an_administrator()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var me = await user.MeAsync();
        using var beforeSignIn = new Visitor(site.Url);
        var anonymousToken = await beforeSignIn.TokenAsync("/account/login");
        using var admin = new Visitor(site.Url, beforeSignIn.Cookies);
        await admin.SignInAsync(TestUsers.Admin);
        var otherToken = await user.TokenAsync("/account/sessions");

        foreach (var (path, fields) in AdminActions(me))
            await AssertRefusedAsync(admin, path, fields, anonymousToken, otherToken, user);

        await site.AssertSignedInAsync(user.Cookies, account);
    }

    [Fact]
    public async Task R25_User_cannot_end_a_session_of_another_account()
    {
        var account = await site.RegisterAsync();
        using var victim = await site.SignInAsync(account);
        var me = await victim.MeAsync();
        using var attacker = await site.SignInAsync();

        foreach (var entryPoint in site.EntryPoints)
        {
            string[] ids =
            [
                me.Session, me.Session[..6], "*", "", me.AccountId, $"{me.AccountId}:{me.Session}",
                victim.Cookies.Session!,
            ];
            foreach (var id in ids)
            {
                using var response = await attacker.SubmitAsync("/account/sessions", "revoke", new()
                {
                    ["id"] = id,
                    ["account"] = me.AccountId,
                    ["accountId"] = me.AccountId,
                    ["UserName"] = account.UserName,
                }, at: entryPoint);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
        }

        using (await attacker.SubmitAsync("/account/sessions", "revoke-others", new() { ["account"] = me.AccountId }))
        {
        }
        await site.AssertSignedInAsync(victim.Cookies, account);
    }

    [Fact]
    public async Task R26_Lists_show_handles_that_are_not_credentials()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var handle = (await second.MeAsync()).Session;
        var deviceList = await user.ReadAsync("/account/sessions");
        var adminList = await admin.ReadAsync($"/admin/sessions?q={account.UserName}");

        Assert.Contains(handle, deviceList, StringComparison.Ordinal);
        Assert.Contains(handle, adminList, StringComparison.Ordinal);
        foreach (var session in (string[])[user.Cookies.Session!, second.Cookies.Session!, admin.Cookies.Session!])
            Assert.DoesNotContain(session, deviceList + adminList, StringComparison.Ordinal);
        await site.AssertRefusedAsync(handle);

        // No other value on these pages is a credential either.
        using var attacker = new Visitor(site.Url);
        foreach (var token in PossibleTokens().Matches(deviceList + adminList).Select(match => match.Value).Distinct())
        {
            attacker.Cookies.Set("sid", token);
            using var response = await attacker.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task R27_Administration_is_denied_to_others_and_logged()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        using var victim = await site.SignInAsync(TestUsers.Alice);
        var alice = await victim.MeAsync();

        foreach (var entryPoint in site.EntryPoints)
        {
            using (var page = await user.GetAsync("/admin/sessions", entryPoint))
                Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
            using (var page = await user.GetAsync("/ADMIN/Sessions/", entryPoint))
                Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
            var token = await user.TokenAsync("/account/sessions", entryPoint);
            foreach (var (path, fields) in AdminActions(alice))
            {
                using var response = await user.PostAsync(path, fields.Append(token), entryPoint);
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            }
            using var anonymous = new Visitor(site.Url);
            using var redirect = await anonymous.GetAsync("/admin/sessions", entryPoint);
            Assert.Equal("/account/login", redirect.Headers.Location?.AbsolutePath);
        }

        await site.AssertSignedInAsync(victim.Cookies, TestUsers.Alice);
        await Wait.UntilAsync(
            () => site.Log.Contains($"{account.UserName} was denied GET /admin/sessions", StringComparison.Ordinal),
            () => site.Log);
    }

    private static IEnumerable<(string Path, Dictionary<string, string> Fields)> OwnActions(
        TestUser account, string handle) =>
    [
        ("/account/logout", NoFields),
        ("/account/sessions?handler=revoke", new() { ["id"] = handle }),
        ("/account/sessions?handler=revoke-others", NoFields),
        ("/account/password", new()
        {
            ["Input.CurrentPassword"] = account.Password,
            ["Input.NewPassword"] = "chosen by the attacker",
            ["Input.ConfirmPassword"] = "chosen by the attacker",
        }),
    ];

    private static IEnumerable<(string Path, Dictionary<string, string> Fields)> AdminActions(Me target) =>
    [
        ("/admin/sessions?handler=revoke", new() { ["account"] = target.AccountId, ["id"] = target.Session }),
        ("/admin/sessions?handler=revoke-selected", new() { ["ids"] = $"{target.AccountId}:{target.Session}" }),
        ("/admin/sessions?handler=revoke-account", new() { ["account"] = target.AccountId }),
        ("/admin/sessions?handler=revoke-everyone", new() { ["sure"] = "true" }),
    ];

    private async Task AssertRefusedAsync(
        Visitor victim, string path, Dictionary<string, string> fields,
        KeyValuePair<string, string> anonymousToken, KeyValuePair<string, string> otherToken, Visitor other)
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            using (await victim.GetAsync($"{path}{separator}{query}", entryPoint))
            {
            }
            IEnumerable<KeyValuePair<string, string>>[] forms =
                [fields, [.. fields, anonymousToken], [.. fields, otherToken]];
            foreach (var form in forms)
            {
                using var response = await victim.PostAsync(path, form, entryPoint);
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            }

            // The server ignores a token in another field, and the token and cookie of another user.
            using (var response = await victim.PostAsync(path, [.. fields, new("x", anonymousToken.Value)], entryPoint))
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            using var mixed = new Visitor(site.Url, victim.Cookies.Copy());
            mixed.Cookies.Set("csrf", other.Cookies.Cookies["csrf"]);
            using (var response = await mixed.PostAsync(path, [.. fields, otherToken], entryPoint))
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);

            foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch])
            {
                using var content = new FormUrlEncodedContent(fields);
                using var request = new HttpRequestMessage(method, new Uri(entryPoint, path)) { Content = content };
                using var response = await victim.SendAsync(request);
                Assert.False(response.IsSuccessStatusCode);
            }
        }
    }

    [GeneratedRegex("[A-Za-z0-9_-]{10,}")]
    private static partial Regex PossibleTokens();
}

[Collection<FarmSiteGroup>]
public sealed class AccessControlRequirementsOnFarm(FarmSite site) : AccessControlRequirements(site);

[Collection<EmbeddedSiteGroup>]
public sealed class AccessControlRequirementsOnEmbedded(EmbeddedSite site) : AccessControlRequirements(site);
