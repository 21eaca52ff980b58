using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>The session limit, revocation, and the effects of account events on sessions.</summary>
public abstract class LifetimeRequirements(ISite site)
{
    [Fact]
    public async Task R33_Parallel_sign_ins_leave_exactly_the_session_limit()
    {
        var account = await site.RegisterAsync();
        var visitors = new Visitor[50];
        // Password hashing limits how many sign-ins run in parallel.
        await Parallel.ForAsync(0, visitors.Length, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (i, _) =>
            visitors[i] = await site.SignInAsync(account, site.EntryPoints[i % site.EntryPoints.Count]));

        var liveSessions = 0;
        foreach (var visitor in visitors)
        {
            using var response = await visitor.GetAsync("/api/me");
            liveSessions += response.IsSuccessStatusCode ? 1 : 0;
            visitor.Dispose();
        }
        Assert.Equal(10, liveSessions);
    }

    [Fact]
    public async Task R34_Password_change_ends_others_and_changes_the_session_id()
    {
        var account = await site.RegisterAsync();
        using var current = await site.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        using var third = await site.SignInAsync(account);
        var before = current.Cookies.Copy();
        var changed = account with { Password = $"another secret {Guid.NewGuid():N}" };

        using var response = await current.SubmitAsync("/account/password", fields: new()
        {
            ["Input.CurrentPassword"] = account.Password,
            ["Input.NewPassword"] = changed.Password,
            ["Input.ConfirmPassword"] = changed.Password,
        });

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        await site.AssertSignedInAsync(current.Cookies, account);
        Assert.NotEqual(before.Session, current.Cookies.Session);
        foreach (var ended in (CookieJar[])[before, second.Cookies, third.Cookies])
            await site.AssertRefusedAsync(ended);
        Assert.Equal("/account/signed-out?reason=password-changed", await RedirectTargetAsync(second));
        using var old = await new Visitor(site.Url).SubmitSignInAsync(account);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using var signedIn = await site.SignInAsync(changed);
    }

    [Fact]
    public async Task R35_Disabled_account_is_refused_on_every_node_until_enabled()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        using var other = await site.SignInAsync(account);
        var id = (await user.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        await SubmitActionAsync(admin, id, "disable", new() { ["Input.Message"] = "See you on <Monday>." });

        await site.AssertRefusedAsync(user.Cookies.Copy());
        Assert.Equal("/account/signed-out?reason=account-disabled", await RedirectTargetAsync(user));
        Assert.Contains(
            "See you on &lt;Monday&gt;.", await user.ReadAsync("/account/signed-out?reason=account-disabled"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Monday", await user.ReadAsync("/account/signed-out?reason=account-disabled"), StringComparison.Ordinal);
        await site.AssertRefusedAsync(other.Cookies);
        using var refused = await new Visitor(site.Url).SubmitSignInAsync(account);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);

        await SubmitActionAsync(admin, id, "enable", []);
        using var signedIn = await site.SignInAsync(account);
        await site.AssertRefusedAsync(other.Cookies);
    }

    [Fact]
    public async Task R35_Deleted_account_is_refused_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var id = (await user.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        await SubmitActionAsync(admin, id, "delete", new() { ["sure"] = "true" });

        await site.AssertRefusedAsync(user.Cookies);
    }

    [Fact]
    public async Task R35_Sign_ins_racing_a_disable_leave_no_session()
    {
        var account = await site.RegisterAsync();
        using var first = await site.SignInAsync(account);
        var id = (await first.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);
        for (var round = 0; round < 5; round++)
        {
            var visitors = Enumerable.Range(0, 4).Select(_ => new Visitor(site.Url)).ToList();
            var entryPoints = site.EntryPoints;
            var signIns = visitors
                .Select((visitor, i) => visitor.SubmitSignInAsync(account, entryPoints[i % entryPoints.Count]))
                .ToList();
            await SubmitActionAsync(admin, id, "disable", []);
            foreach (var signIn in signIns)
                (await signIn).Dispose();
            foreach (var visitor in visitors)
            {
                if (visitor.Cookies.Session is not null)
                    await site.AssertRefusedAsync(visitor.Cookies);
                visitor.Dispose();
            }
            await SubmitActionAsync(admin, id, "enable", []);
        }
    }

    [Fact]
    public async Task R36_Role_change_applies_to_the_next_request_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var id = (await user.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entryPoint in site.EntryPoints)
        {
            await SubmitActionAsync(admin, id, "grant-admin", []);
            Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/admin/sessions", entryPoint)).StatusCode);
            Assert.Equal(["admin"], (await user.MeAsync(entryPoint)).Roles);

            await SubmitActionAsync(admin, id, "take-admin", []);
            Assert.Equal(HttpStatusCode.Forbidden, (await user.GetAsync("/admin/sessions", entryPoint)).StatusCode);
            Assert.Empty((await user.MeAsync(entryPoint)).Roles);
        }
        await site.AssertSignedInAsync(user.Cookies, account);
    }

    [Fact]
    public async Task B15_Granted_role_changes_the_session_id()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var (oldCookies, me) = (user.Cookies.Copy(), await user.MeAsync());
        using var admin = await site.SignInAsync(TestUsers.Admin);
        await SubmitActionAsync(admin, me.AccountId, "grant-admin", []);

        Assert.Equal(["admin"], (await user.MeAsync()).Roles);

        Assert.NotEqual(oldCookies.Session, user.Cookies.Session);
        var renewed = user.Cookies.Session;
        foreach (var entryPoint in site.EntryPoints)
            Assert.Equal(me.Session, (await user.MeAsync(entryPoint)).Session);
        Assert.Equal(renewed, user.Cookies.Session);
        (await admin.RevokeAsync(me)).Dispose();
        await site.AssertRefusedAsync(oldCookies);
        await site.AssertRefusedAsync(user.Cookies);
    }

    [Fact]
    public async Task R38_Revocation_applies_to_the_next_request_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entryPoint in site.EntryPoints)
        {
            using var first = await site.SignInAsync(account);
            using var second = await site.SignInAsync(account);
            var me = await first.MeAsync();

            (await admin.RevokeAsync(me, entryPoint)).Dispose();
            await site.AssertRefusedAsync(first.Cookies.Copy());
            await site.AssertSignedInAsync(second.Cookies, account);

            (await admin.SubmitAsync(
                "/admin/sessions", "revoke-account", new() { ["account"] = me.AccountId }, at: entryPoint)).Dispose();
            await site.AssertRefusedAsync(second.Cookies.Copy());
            Assert.Equal("/account/signed-out?reason=revoked-by-admin", await RedirectTargetAsync(second));
        }
    }

    [Fact]
    public async Task R38_Revoking_everyone_keeps_the_administrators_session()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entryPoint in site.EntryPoints)
        {
            using var first = await site.SignInAsync();
            using var second = await site.SignInAsync();

            (await admin.SubmitAsync(
                "/admin/sessions", "revoke-everyone", new() { ["sure"] = "true" }, at: entryPoint)).Dispose();

            await site.AssertRefusedAsync(first.Cookies);
            await site.AssertRefusedAsync(second.Cookies);
            await site.AssertSignedInAsync(admin.Cookies, TestUsers.Admin);
        }
    }

    [Fact]
    public async Task Invalid_disable_form_changes_nothing()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var id = (await user.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        foreach (var fields in (Dictionary<string, string>[])
        [
            new() { ["Input.Until"] = "2020-01-01T00:00" },
            new() { ["Input.Message"] = new string('m', 301) },
        ])
        {
            using var response = await admin.PostAsync(
                $"/admin/accounts/{id}?handler=disable",
                fields.Append(await admin.TokenAsync($"/admin/accounts/{id}")));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
        await site.AssertSignedInAsync(user.Cookies, account);
    }

    private static async Task SubmitActionAsync(
        Visitor admin, string id, string handler, Dictionary<string, string> fields)
    {
        using var response = await admin.SubmitAsync($"/admin/accounts/{id}", handler, fields);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    private static async Task<string?> RedirectTargetAsync(Visitor visitor)
    {
        using var response = await visitor.GetAsync("/account/sessions");
        return response.Headers.Location?.OriginalString;
    }
}

[Collection<FarmSiteGroup>]
public sealed class LifetimeRequirementsOnFarm(FarmSite site) : LifetimeRequirements(site);

[Collection<EmbeddedSiteGroup>]
public sealed class LifetimeRequirementsOnEmbedded(EmbeddedSite site) : LifetimeRequirements(site);
