using System.Diagnostics;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Sessions expire, on sites with short timeouts.</summary>
public abstract class ExpiryRequirements(ISite site)
{
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(6);
    internal static readonly TimeSpan Absolute = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task R30_Idle_session_expires_and_active_session_continues()
    {
        using var active = await site.SignInAsync();
        using var idle = await site.SignInAsync();
        var started = Stopwatch.GetTimestamp();

        var requests = 0;
        await Wait.UntilAsync(async () =>
        {
            using var response = await active.GetAsync(
                "/api/me", site.EntryPoints[requests++ % site.EntryPoints.Count]);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return Stopwatch.GetElapsedTime(started) > Idle * 1.5;
        }, () => "the idle timeout passes", TimeSpan.FromMinutes(1));

        using var page = await idle.GetAsync("/account/sessions");
        Assert.Equal("/account/signed-out?reason=idle", page.Headers.Location?.OriginalString);
        await site.AssertRefusedAsync(idle.Cookies);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R31_Active_session_ends_at_its_absolute_timeout(bool remembered)
    {
        var account = await site.RegisterAsync();
        using var user = new Visitor(site.Url);
        (await user.SubmitAsync("/account/login", fields: new()
        {
            ["Input.UserName"] = account.UserName,
            ["Input.Password"] = account.Password,
            ["Input.RememberMe"] = remembered ? "true" : "false",
        })).Dispose();
        var cookies = user.Cookies.Copy();
        var started = Stopwatch.GetTimestamp();
        var requests = 0;
        await Wait.UntilAsync(async () =>
        {
            using var response = await user.GetAsync("/api/me", site.EntryPoints[requests++ % site.EntryPoints.Count]);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        }, () => "the active session expires", TimeSpan.FromMinutes(1));

        Assert.True(Stopwatch.GetElapsedTime(started) > Idle * 1.5, "The session ended before its absolute timeout.");
        // R32: a cookie that the browser keeps after its expiry is refused.
        await site.AssertRefusedAsync(cookies);
        using var afterExpiry = new Visitor(site.Url, cookies);
        using var page = await afterExpiry.GetAsync("/account/sessions");
        Assert.Equal("/account/signed-out?reason=expired", page.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task R53_Expired_session_is_audited_once_by_all_nodes()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var handle = (await user.MeAsync()).Session;
        using var other = await site.SignInAsync(account);
        await Wait.UntilAsync(
            async () => !(await other.ReadAsync("/account/sessions")).Contains(handle, StringComparison.Ordinal),
            () => "the session has expired",
            TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            user.Replay().GetAsync("/account/sessions", site.EntryPoints[i % site.EntryPoints.Count])));

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var row = Assert.Single(await admin.AuditAsync(account), row => row[1] == "session-expired");
        Assert.Equal((account.UserName, handle, "idle"), (row[2], row[4], row[8]));
    }

    [Fact]
    public async Task R32_Server_expires_a_session_whatever_its_cookie_says()
    {
        var account = await site.RegisterAsync();
        using var user = await site.SignInAsync(account);
        var (handle, cookies) = ((await user.MeAsync()).Session, user.Cookies.Copy());
        using var other = await site.SignInAsync(account);
        // Listing an account's sessions does not count as activity of those sessions.
        await Wait.UntilAsync(
            async () => !(await other.ReadAsync("/account/sessions")).Contains(handle, StringComparison.Ordinal),
            () => "the session has expired",
            TimeSpan.FromMinutes(1));

        await site.AssertRefusedAsync(cookies);
    }
}

[Collection<ShortLivedFarmGroup>]
public sealed class ExpiryRequirementsOnFarm(ShortLivedFarm site) : ExpiryRequirements(site);

[Collection<ShortLivedEmbeddedGroup>]
public sealed class ExpiryRequirementsOnEmbedded(ShortLivedEmbeddedSite site) : ExpiryRequirements(site);
