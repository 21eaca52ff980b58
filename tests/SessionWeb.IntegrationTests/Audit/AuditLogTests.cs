using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.CommandLine;
using SessionWeb.Data;
using SessionWeb.Pages.Admin;
using SessionWeb.Revocations;
using SessionWeb.Sessions;
using Commands = SessionWeb.CommandLine.CommandRunner;

namespace SessionWeb.IntegrationTests.Audit;

public sealed class AuditLogTests
{
    private static Task<List<AuditEntry>> EntriesAsync(AccountsApp app) =>
        app.WithAsync((AppDbContext d) => d.AuditEntries.AsNoTracking().OrderBy(e => e.Id).ToListAsync());

    private static Task<int> WriteAsync(AccountsApp app, AuditEntry entry) => app.WithAsync(async (AuditLog log) =>
    {
        await log.WriteAsync(entry);
        return 0;
    });

    [Theory]
    [InlineData("""UPDATE "AuditEntries" SET "By" = 'mallory'""")]
    [InlineData("""DELETE FROM "AuditEntries" """)]
    [InlineData("""REPLACE INTO "AuditEntries" ("Id", "At", "Event") VALUES (1, 0, 'signed-in')""")]
    [InlineData("""INSERT INTO "AuditEntries" ("Id", "At", "Event") VALUES (1, 0, 'signed-in') """
        + """ON CONFLICT DO UPDATE SET "Event" = 'other'""")]
    public async Task Changing_or_deleting_an_entry_is_refused(string sql)
    {
        await using var app = await AccountsApp.StartAsync();
        await WriteAsync(app, new() { Event = AuditEvents.SignedIn, AccountName = "alice" });
        var e = await Assert.ThrowsAsync<SqliteException>(
            () => app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync(sql)));
        Assert.Contains("append-only", e.Message, StringComparison.Ordinal);
        Assert.Equal("alice", Assert.Single(await EntriesAsync(app)).AccountName);
    }

    [Fact]
    public async Task Text_is_truncated_and_sanitized()
    {
        await using var app = await AccountsApp.StartAsync();
        await WriteAsync(app, new()
        {
            Event = AuditEvents.SignInRefused,
            AccountName = new string('x', 63) + "🐎",
            Details = "a\r\nb\u001b[0m\u2028c\u202ed\ud800 🐎",
        });
        var entry = Assert.Single(await EntriesAsync(app));
        Assert.Equal(new string('x', 63), entry.AccountName);
        Assert.Equal("a\ufffd\ufffdb\ufffd[0m\ufffdc\ufffdd\ufffd 🐎", entry.Details);
    }

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u200d")]
    [InlineData("\u00ad")]
    [InlineData("\ufeff")]
    [InlineData("\u2060")]
    [InlineData("\u180e")]
    [InlineData("\u202e")]
    [InlineData("\u061c")]
    [InlineData("\u034f")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\ufe0f")]
    [InlineData("\ufffb")]
    [InlineData("\ue000")]
    [InlineData("\U000e0041")]
    [InlineData("\U000e0101")]
    public async Task B15_Invisible_character_is_replaced_in_the_audit_log(string invisible)
    {
        await using var app = await AccountsApp.StartAsync();
        await WriteAsync(
            app,
            new() { Event = AuditEvents.SignInRefused, AccountName = $"ad{invisible}min", Details = $"a{invisible}b" });
        var entry = Assert.Single(await EntriesAsync(app));
        Assert.Equal(("ad\ufffdmin", "a\ufffdb"), (entry.AccountName, entry.Details));
    }

    [Fact]
    public async Task R53_Command_line_is_logged_as_the_actor()
    {
        await using var app = await AccountsApp.StartAsync();
        string[][] commands =
            [["add", "alice"], ["disable", "alice"], ["enable", "alice"], ["reset-password", "alice"]];
        foreach (var command in commands)
            await RunAsync(app, "accounts", command);
        await RunAsync(app, "sessions", "revoke", "alice");
        await RunAsync(app, "sessions", "revoke", "--all");
        var entries = await EntriesAsync(app);
        Assert.All(entries, e => Assert.Equal(AuditLog.CommandLineActor, e.By));
        Assert.Equal(
            [
                ("account-added", "alice"), ("account-disabled", "alice"), ("sessions-ended", "alice"),
                ("account-enabled", "alice"), ("password-reset", "alice"), ("sessions-ended", "alice"),
                ("sessions-revoked", "alice"), ("sessions-ended", "alice"), ("sessions-revoked", null),
                ("sessions-ended", null),
            ],
            entries.Select(e => (e.Event, e.AccountName)));

        static async Task RunAsync(AccountsApp app, string topic, params string[] command)
        {
            using var output = new StringWriter();
            Assert.Equal(
                0,
                await Commands.RunAsync(
                    [topic, .. command], app.App.Services,
                    new Terminal(new StringReader(Password), output, output, false)));
        }
    }

    [Fact]
    public async Task Full_disk_refuses_every_change_and_revocation()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var session = await app.StartSessionAsync("alice");
        var before = await app.AccountAsync("alice");

        await using (var scope = app.App.Services.CreateAsyncScope())
        {
            var services = scope.ServiceProvider;
            var database = services.GetRequiredService<AppDbContext>();
            // The file can no longer grow on this connection. The loop fills the remaining pages.
            await database.Database.OpenConnectionAsync();
            await database.Database.ExecuteSqlRawAsync("PRAGMA max_page_count = 1");
            var log = services.GetRequiredService<AuditLog>();
            var full = await Assert.ThrowsAsync<DbUpdateException>(async () =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    await log.WriteAsync(
                        new() { Event = AuditEvents.AccessDenied, Details = new string('x', AuditLog.MaxTextLength) });
                }
            });
            Assert.Equal(13, Assert.IsType<SqliteException>(full.InnerException).SqliteErrorCode); // SQLITE_FULL

            var actions = services.GetRequiredService<AccountActions>();
            var live = Assert.Single(
                await services.GetRequiredService<ISessionStore>().ListAsync([session.Account], default));
            Func<Task>[] attempts =
            [
                () => actions.DisableAsync(before.Id, "root", message: new string('x', 300)),
                () => actions.SignOutEverywhereAsync(before.Id, "root", new string('x', 300)),
                () => services.GetRequiredService<CredentialActions>().ResetPasswordAsync(
                    before.Id, "another horse battery", "root", new string('x', 300)),
                () => services.GetRequiredService<SessionRevoker>().EndSessionAsync(
                    new(live.AccountId, live.Handle), live.AccountName,
                    new(SessionEndReasons.RevokedByAdmin, "root", new string('x', 300))),
            ];
            foreach (var attempt in attempts)
                await Assert.ThrowsAsync<DbUpdateException>(attempt);
        }

        var after = await app.AccountAsync("alice");
        Assert.Equal(
            (before.Generation, before.PasswordHash, null), (after.Generation, after.PasswordHash, after.DisabledAt));
        Assert.NotNull((await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default))).Session);
        Assert.DoesNotContain(
            await EntriesAsync(app), e => e.AccountName == "alice" && e.Event != AuditEvents.AccountAdded);
    }

    [Fact]
    public async Task Paging_goes_from_newest_to_oldest_and_back()
    {
        await using var app = await AccountsApp.StartAsync();
        for (var i = 1; i <= 7; i++)
            await WriteAsync(app, new() { Event = AuditEvents.SignedIn, AccountName = "alice" });
        Assert.Equal(("7 6 5", false, true), await PageAsync(null, null));
        Assert.Equal(("4 3 2", true, true), await PageAsync(5, null));
        Assert.Equal(("1", true, false), await PageAsync(2, null));
        Assert.Equal(("4 3 2", true, true), await PageAsync(null, 1));
        Assert.Equal(("7 6 5", false, true), await PageAsync(null, 4));
        Assert.Equal(("", true, false), await PageAsync(1, null));

        Task<(string, bool, bool)> PageAsync(long? before, long? after) => app.WithAsync(async (AppDbContext d) =>
        {
            var page = await AuditReader.PageAsync(d.AuditEntries, before, after, 3, default);
            return (string.Join(' ', page.Entries.Select(e => e.Id)), page.HasNewer, page.HasOlder);
        });
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b \"c\"", "\"a,b \"\"c\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    public async Task Csv_field_is_text(string name, string cell) =>
        Assert.Contains($",signed-in,{cell},,", await CsvAsync(name), StringComparison.Ordinal);

    [Theory]
    [InlineData(";=1+1")]
    [InlineData(";=1+1;")]
    [InlineData("a; =1+1")]
    [InlineData("a;\"=1+1\"")]
    [InlineData("a\t@SUM(A1)")]
    [InlineData("a,-1+1")]
    [InlineData("a,\"+1")]
    [InlineData("\"=1+1")]
    [InlineData(" =1+1")]
    [InlineData("a\n=1+1")]
    [InlineData("a|=1+1")]
    [InlineData(";;=1+1")]
    [InlineData("＝1+1;＋1")]
    [InlineData("=1+1;=1+1")]
    public async Task B07_No_part_of_a_csv_field_is_a_formula(string name)
    {
        var csv = await CsvAsync(name);
        foreach (var separator in (char[])[',', ';', '\t', '|', '\n', '\r'])
            Assert.All(csv.Split(separator), part => Assert.DoesNotMatch("^[\"\\s]*[=+\\-@＝＋－＠]", part));
    }

    [Theory]
    [InlineData("-Ab_cdefghij", "'-Ab_cdefghij")]
    [InlineData("a-b=c+d@e", "a-b=c+d@e")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("GET /admin/audit, session x", "\"GET /admin/audit, session x\"")]
    public async Task B07_Harmless_csv_field_stays_readable(string name, string cell) =>
        Assert.Contains($",signed-in,{cell},,", await CsvAsync(name), StringComparison.Ordinal);

    private static async Task<string> CsvAsync(string name)
    {
        using var stream = new MemoryStream();
        await AuditCsv.WriteAsync(
            stream,
            new[] { new AuditEntry { Event = AuditEvents.SignedIn, AccountName = name } }.ToAsyncEnumerable(), default);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public async Task Export_is_read_in_batches_up_to_its_limit()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync("""
            WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 2500)
            INSERT INTO "AuditEntries" ("At", "Event") SELECT value, 'signed-in' FROM n
            """));
        Assert.Equal(2500, await CountAsync(100_000));
        Assert.Equal(1700, await CountAsync(1700));

        Task<int> CountAsync(int max) => app.WithAsync(async (AppDbContext d) =>
        {
            var ids = new List<long>();
            await foreach (var entry in AuditReader.ReadAsync(d.AuditEntries.AsNoTracking(), max, default))
                ids.Add(entry.Id);
            Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => 2500L - i), ids);
            return ids.Count;
        });
    }
}
