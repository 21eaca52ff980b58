using System.Globalization;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Every node records security events in the audit log.</summary>
public abstract class AuditRequirements(ISite site)
{
    [Fact]
    public async Task R53_Each_action_is_audited_once_in_order_and_in_UTC()
    {
        var from = DateTimeOffset.UtcNow.AddSeconds(-1);
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var expected = new List<string> { "account-added,,registration" };
        foreach (var entryPoint in site.EntryPoints)
        {
            using var first = new Visitor(site.Url);
            (await first.SubmitSignInAsync(account.UserName, "not the secret at all", entryPoint)).Dispose();
            await first.SignInAsync(account, entryPoint);
            using var second = await site.SignInAsync(account, entryPoint);
            expected.AddRange(["sign-in-refused,,wrong-password", "signed-in,,", "signed-in,,"]);
            // A node records the first denied request of a minute and counts the rest. A request through nginx reaches
            // one of the same nodes.
            if (entryPoint != site.Url || site.EntryPoints.Count == 1)
            {
                (await second.GetAsync("/admin/audit", entryPoint)).Dispose();
                expected.Add("access-denied,,");
            }

            var me = await first.MeAsync();
            (await second.SubmitAsync(
                "/account/sessions", "revoke", new() { ["id"] = me.Session }, at: entryPoint)).Dispose();
            expected.AddRange(["session-revoked,,revoked-by-you", "sessions-ended,,revoked-by-you"]);
            me = await second.MeAsync();
            (await admin.RevokeAsync(me, entryPoint)).Dispose();
            expected.AddRange(["session-revoked,admin,revoked-by-admin", "sessions-ended,admin,revoked-by-admin"]);

            using var third = await site.SignInAsync(account, entryPoint);
            (await third.SubmitAsync("/account/logout", at: entryPoint)).Dispose();
            expected.AddRange(["signed-in,,", "signed-out,,"]);
        }

        var rows = await admin.AuditAsync(account);
        Assert.Equal(expected, rows.Select(row => $"{row[1]},{row[3]},{row[8]}"));
        Assert.All(rows, row =>
        {
            Assert.EndsWith("Z", row[0], StringComparison.Ordinal);
            Assert.InRange(DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture), from, DateTimeOffset.UtcNow);
            Assert.Equal(account.UserName, row[2]);
            Assert.NotEmpty(row[5]);
            Assert.NotEmpty(row[7]);
        });
    }

    [Fact]
    public async Task R53_Replaced_session_is_audited_once_with_the_new_device()
    {
        var account = await site.RegisterAsync();
        using var first = await site.SignInAsync(account);
        var handle = (await first.MeAsync()).Session;
        foreach (var number in Enumerable.Range(0, 10))
        {
            using var replacement = new Visitor(site.Url);
            replacement.Headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0";
            await replacement.SignInAsync(account, site.EntryPoints[number % site.EntryPoints.Count]);
        }

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var row = Assert.Single(await admin.AuditAsync(account), row => row[1] == "session-replaced");
        Assert.Equal((account.UserName, handle, "Firefox on Windows", "replaced"), (row[2], row[4], row[6], row[8]));
    }

    [Fact]
    public async Task R53_Account_lock_is_audited_once_for_parallel_guesses()
    {
        var account = await site.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var guesser = new Visitor(site.Url);
            var entryPoint = site.EntryPoints[i % site.EntryPoints.Count];
            (await guesser.SubmitSignInAsync(account.UserName, $"guess number {i}", entryPoint)).Dispose();
        }));

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var rows = await admin.AuditAsync(account);
        Assert.Single(rows, row => row[1] == "account-locked");
        Assert.Equal(16, rows.Count(row => row[1] == "sign-in-refused"));
    }
}

[Collection<FarmSiteGroup>]
public sealed class AuditRequirementsOnFarm(FarmSite site) : AuditRequirements(site);

[Collection<EmbeddedSiteGroup>]
public sealed class AuditRequirementsOnEmbedded(EmbeddedSite site) : AuditRequirements(site);
