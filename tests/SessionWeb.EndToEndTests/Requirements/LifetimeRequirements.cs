using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What ends sessions, and what becomes of them when something happens to their account.</summary>
public abstract class LifetimeRequirements(ISite site)
{
    [Fact]
    public async Task R33_Parallel_sign_ins_leave_exactly_the_limit()
    {
        var account = await site.RegisterAsync();
        var visitors = new Visitor[50];
        // More at once would only wait for each other's hashes.
        await Parallel.ForAsync(0, visitors.Length, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (i, _) =>
            visitors[i] = await site.SignInAsync(account, site.Entrances[i % site.Entrances.Count]));

        var live = 0;
        foreach (var visitor in visitors)
        {
            using var answer = await visitor.GetAsync("/api/me");
            live += answer.IsSuccessStatusCode ? 1 : 0;
            visitor.Dispose();
        }
        Assert.Equal(10, live);
    }

    [Fact]
    public async Task R34_New_password_ends_the_other_sessions_and_renews_ones_own()
    {
        var account = await site.RegisterAsync();
        using var own = await site.SignInAsync(account);
        using var second = await site.SignInAsync(account);
        using var third = await site.SignInAsync(account);
        var before = own.Cookies.Copy();
        var changed = account with { Password = $"another secret {Guid.NewGuid():N}" };

        using var answer = await own.SubmitAsync("/account/password", fields: new()
        {
            ["Input.CurrentPassword"] = account.Password,
            ["Input.NewPassword"] = changed.Password,
            ["Input.ConfirmPassword"] = changed.Password,
        });

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await site.AssertSignedInAsync(own.Cookies, account);
        Assert.NotEqual(before.Session, own.Cookies.Session);
        foreach (var dead in (CookieJar[])[before, second.Cookies, third.Cookies])
            await site.AssertRefusedAsync(dead);
        Assert.Equal("/account/signed-out?reason=password-changed", await WhereToAsync(second));
        using var old = await new Visitor(site.Url).SubmitSignInAsync(account);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using var entered = await site.SignInAsync(changed);
    }

    [Fact]
    public async Task R35_Disabled_account_is_out_everywhere_and_stays_out_until_it_is_enabled()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        using var other = await site.SignInAsync(account);
        var id = (await person.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        await ActAsync(admin, id, "disable", new() { ["Input.Message"] = "See you on <Monday>." });

        await site.AssertRefusedAsync(person.Cookies.Copy());
        Assert.Equal("/account/signed-out?reason=account-disabled", await WhereToAsync(person));
        Assert.Contains("See you on &lt;Monday&gt;.", await person.ReadAsync("/account/signed-out?reason=account-disabled"), StringComparison.Ordinal);
        Assert.DoesNotContain("Monday", await person.ReadAsync("/account/signed-out?reason=account-disabled"), StringComparison.Ordinal);
        await site.AssertRefusedAsync(other.Cookies);
        using var refused = await new Visitor(site.Url).SubmitSignInAsync(account);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);

        await ActAsync(admin, id, "enable", []);
        using var again = await site.SignInAsync(account);
        await site.AssertRefusedAsync(other.Cookies);
    }

    [Fact]
    public async Task R35_Deleted_account_is_out_everywhere()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var id = (await person.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        await ActAsync(admin, id, "delete", new() { ["sure"] = "true" });

        await site.AssertRefusedAsync(person.Cookies);
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
            var entrances = site.Entrances;
            var signIns = visitors.Select((visitor, i) => visitor.SubmitSignInAsync(account, entrances[i % entrances.Count])).ToList();
            await ActAsync(admin, id, "disable", []);
            foreach (var signIn in signIns)
                (await signIn).Dispose();
            foreach (var visitor in visitors)
            {
                if (visitor.Cookies.Session is not null)
                    await site.AssertRefusedAsync(visitor.Cookies);
                visitor.Dispose();
            }
            await ActAsync(admin, id, "enable", []);
        }
    }

    [Fact]
    public async Task R36_Role_counts_and_stops_counting_at_the_very_next_request_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var id = (await person.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entrance in site.Entrances)
        {
            await ActAsync(admin, id, "grant-admin", []);
            Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/admin/sessions", entrance)).StatusCode);
            Assert.Equal(["admin"], (await person.MeAsync(entrance)).Roles);

            await ActAsync(admin, id, "take-admin", []);
            Assert.Equal(HttpStatusCode.Forbidden, (await person.GetAsync("/admin/sessions", entrance)).StatusCode);
            Assert.Empty((await person.MeAsync(entrance)).Roles);
        }
        await site.AssertSignedInAsync(person.Cookies, account);
    }

    [Fact]
    public async Task B15_Granted_role_gives_the_session_a_new_id()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var (former, me) = (person.Cookies.Copy(), await person.MeAsync());
        using var admin = await site.SignInAsync(TestUsers.Admin);
        await ActAsync(admin, me.AccountId, "grant-admin", []);

        Assert.Equal(["admin"], (await person.MeAsync()).Roles);

        Assert.NotEqual(former.Session, person.Cookies.Session);
        var renewed = person.Cookies.Session;
        foreach (var entrance in site.Entrances)
            Assert.Equal(me.Session, (await person.MeAsync(entrance)).Session);
        Assert.Equal(renewed, person.Cookies.Session);
        (await admin.SubmitAsync("/admin/sessions", "revoke", new() { ["account"] = me.AccountId, ["id"] = me.Session })).Dispose();
        await site.AssertRefusedAsync(former);
        await site.AssertRefusedAsync(person.Cookies);
    }

    [Fact]
    public async Task R38_Administrator_ends_one_session_or_an_accounts_and_the_very_next_request_is_refused()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entrance in site.Entrances)
        {
            using var one = await site.SignInAsync(account);
            using var two = await site.SignInAsync(account);
            var me = await one.MeAsync();

            (await admin.SubmitAsync("/admin/sessions", "revoke", new() { ["account"] = me.AccountId, ["id"] = me.Session }, at: entrance)).Dispose();
            await site.AssertRefusedAsync(one.Cookies.Copy());
            await site.AssertSignedInAsync(two.Cookies, account);

            (await admin.SubmitAsync("/admin/sessions", "revoke-account", new() { ["account"] = me.AccountId }, at: entrance)).Dispose();
            await site.AssertRefusedAsync(two.Cookies.Copy());
            Assert.Equal("/account/signed-out?reason=revoked-by-admin", await WhereToAsync(two));
        }
    }

    [Fact]
    public async Task R38_Administrator_ends_everyones_sessions_but_the_own()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        foreach (var entrance in site.Entrances)
        {
            using var one = await site.SignInAsync();
            using var two = await site.SignInAsync();

            (await admin.SubmitAsync("/admin/sessions", "revoke-everyone", new() { ["sure"] = "true" }, at: entrance)).Dispose();

            await site.AssertRefusedAsync(one.Cookies);
            await site.AssertRefusedAsync(two.Cookies);
            await site.AssertSignedInAsync(admin.Cookies, TestUsers.Admin);
        }
    }

    [Fact]
    public async Task Time_in_the_past_and_a_message_too_long_are_refused_at_their_fields_and_change_nothing()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var id = (await person.MeAsync()).AccountId;
        using var admin = await site.SignInAsync(TestUsers.Admin);

        foreach (var fields in (Dictionary<string, string>[])[
            new() { ["Input.Until"] = "2020-01-01T00:00" }, new() { ["Input.Message"] = new string('m', 301) }])
        {
            using var answer = await admin.PostAsync(
                $"/admin/accounts/{id}?handler=disable", fields.Append(await admin.TokenAsync($"/admin/accounts/{id}")));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        await site.AssertSignedInAsync(person.Cookies, account);
    }

    private static async Task ActAsync(Visitor admin, string id, string handler, Dictionary<string, string> fields)
    {
        using var answer = await admin.SubmitAsync($"/admin/accounts/{id}", handler, fields);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static async Task<string?> WhereToAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/account/sessions");
        return answer.Headers.Location?.OriginalString;
    }
}

[Collection<OnFarmSite>]
public sealed class LifetimeRequirementsOnAFarm(FarmSite site) : LifetimeRequirements(site);

[Collection<OnEmbeddedSite>]
public sealed class LifetimeRequirementsEmbedded(EmbeddedSite site) : LifetimeRequirements(site);
