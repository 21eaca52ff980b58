using System.Globalization;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What the audit log says of what was done, at whatever node.</summary>
public abstract class AuditRequirements(ISite site)
{
    [Fact]
    public async Task R53_Every_action_at_every_node_is_in_the_log_once_in_order_and_in_utc()
    {
        var from = DateTimeOffset.UtcNow.AddSeconds(-1);
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var expected = new List<string> { "account-added,,registration" };
        foreach (var entrance in site.Entrances)
        {
            using var first = new Visitor(site.Url);
            (await first.SubmitSignInAsync(account.UserName, "not the secret at all", entrance)).Dispose();
            await first.SignInAsync(account, entrance);
            using var second = await site.SignInAsync(account, entrance);
            expected.AddRange(["sign-in-refused,,wrong-password", "signed-in,,", "signed-in,,"]);
            // Each node records the first denied request of a minute at once and counts the others; nginx leads to one of the same nodes.
            if (entrance != site.Url || site.Entrances.Count == 1)
            {
                (await second.GetAsync("/admin/audit", entrance)).Dispose();
                expected.Add("access-denied,,");
            }

            var me = await first.MeAsync();
            (await second.SubmitAsync("/account/sessions", "revoke", new() { ["id"] = me.Session }, at: entrance)).Dispose();
            expected.AddRange(["session-revoked,,revoked-by-you", "sessions-ended,,revoked-by-you"]);
            me = await second.MeAsync();
            (await admin.SubmitAsync("/admin/sessions", "revoke", new() { ["account"] = me.AccountId, ["id"] = me.Session }, at: entrance)).Dispose();
            expected.AddRange(["session-revoked,admin,revoked-by-admin", "sessions-ended,admin,revoked-by-admin"]);

            using var third = await site.SignInAsync(account, entrance);
            (await third.SubmitAsync("/account/logout", at: entrance)).Dispose();
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
    public async Task R53_Replaced_session_is_in_the_log_once_with_the_device_that_took_its_place()
    {
        var account = await site.RegisterAsync();
        using var first = await site.SignInAsync(account);
        var handle = (await first.MeAsync()).Session;
        foreach (var number in Enumerable.Range(0, 10))
        {
            using var another = new Visitor(site.Url) { Headers = { ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0" } };
            await another.SignInAsync(account, site.Entrances[number % site.Entrances.Count]);
        }

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var row = Assert.Single(await admin.AuditAsync(account), row => row[1] == "session-replaced");
        Assert.Equal((account.UserName, handle, "Firefox on Windows", "replaced"), (row[2], row[4], row[6], row[8]));
    }

    [Fact]
    public async Task R53_Lock_is_in_the_log_once_however_many_guesses_come_at_once()
    {
        var account = await site.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            using var guesser = new Visitor(site.Url);
            (await guesser.SubmitSignInAsync(account.UserName, $"guess number {i}", site.Entrances[i % site.Entrances.Count])).Dispose();
        }));

        using var admin = await site.SignInAsync(TestUsers.Admin);
        var rows = await admin.AuditAsync(account);
        Assert.Single(rows, row => row[1] == "account-locked");
        Assert.Equal(16, rows.Count(row => row[1] == "sign-in-refused"));
    }
}

[Collection<OnFarmSite>]
public sealed class AuditRequirementsOnAFarm(FarmSite site) : AuditRequirements(site);

[Collection<OnEmbeddedSite>]
public sealed class AuditRequirementsEmbedded(EmbeddedSite site) : AuditRequirements(site);
