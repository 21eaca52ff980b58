using System.Diagnostics;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Sessions that end by themselves, on sites where they do so soon.</summary>
public abstract class ExpiryRequirements(ISite site)
{
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(6);
    internal static readonly TimeSpan Absolute = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task R30_Session_that_is_used_on_any_node_lives_on_and_one_that_is_not_ends_as_idle()
    {
        using var used = await site.SignInAsync();
        using var unused = await site.SignInAsync();
        var since = Stopwatch.GetTimestamp();

        var requests = 0;
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await used.GetAsync("/api/me", site.Entrances[requests++ % site.Entrances.Count]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return Stopwatch.GetElapsedTime(since) > Idle * 1.5;
        }, () => "the idle time passes", TimeSpan.FromMinutes(1));

        using var page = await unused.GetAsync("/account/sessions");
        Assert.Equal("/account/signed-out?reason=idle", page.Headers.Location?.OriginalString);
        await site.AssertRefusedAsync(unused.Cookies);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R31_Session_in_use_ends_at_its_absolute_expiry(bool remembered)
    {
        var account = await site.RegisterAsync();
        using var person = new Visitor(site.Url);
        (await person.SubmitAsync("/account/login", fields: new()
        {
            ["Input.UserName"] = account.UserName, ["Input.Password"] = account.Password, ["Input.RememberMe"] = remembered ? "true" : "false",
        })).Dispose();
        var cookies = person.Cookies.Copy();
        var since = Stopwatch.GetTimestamp();
        var requests = 0;
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await person.GetAsync("/api/me", site.Entrances[requests++ % site.Entrances.Count]);
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        }, () => "the session ends although it is used", TimeSpan.FromMinutes(1));

        Assert.True(Stopwatch.GetElapsedTime(since) > Idle * 1.5, "It ended for another reason.");
        // R32: a browser that keeps the cookie beyond its time has nothing of it.
        await site.AssertRefusedAsync(cookies);
        using var late = new Visitor(site.Url, cookies);
        using var page = await late.GetAsync("/account/sessions");
        Assert.Equal("/account/signed-out?reason=expired", page.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task R53_Session_that_expired_is_in_the_log_once_whichever_nodes_come_upon_it()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var handle = (await person.MeAsync()).Session;
        using var other = await site.SignInAsync(account);
        await Eventually.TrueAsync(
            async () => !(await other.ReadAsync("/account/sessions")).Contains(handle, StringComparison.Ordinal), () => "the session is gone", TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => person.Replay().GetAsync("/account/sessions", site.Entrances[i % site.Entrances.Count])));

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var row = Assert.Single(await admin.AuditAsync(account), row => row[1] == "session-expired");
        Assert.Equal((account.UserName, handle, "idle"), (row[2], row[4], row[8]));
    }

    [Fact]
    public async Task R32_Expiry_of_the_cookie_counts_for_nothing()
    {
        var account = await site.RegisterAsync();
        using var person = await site.SignInAsync(account);
        var (handle, cookies) = ((await person.MeAsync()).Session, person.Cookies.Copy());
        using var other = await site.SignInAsync(account);
        // That somebody's sessions are listed is no use of this one.
        await Eventually.TrueAsync(
            async () => !(await other.ReadAsync("/account/sessions")).Contains(handle, StringComparison.Ordinal), () => "the session is gone", TimeSpan.FromMinutes(1));

        await site.AssertRefusedAsync(cookies);
    }
}

[Collection<OnShortLivedFarm>]
public sealed class ExpiryRequirementsOnAFarm(ShortLivedFarm site) : ExpiryRequirements(site);

[Collection<OnShortLivedEmbedded>]
public sealed class ExpiryRequirementsEmbedded(ShortLivedEmbedded site) : ExpiryRequirements(site);
