using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.IntegrationTests.Audit;

public sealed class DeniedRequestsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task B14_Count_is_written_after_one_minute()
    {
        await using var app = await AccountsApp.StartAsync();
        using var denied = New(app);
        await RecordAsync(app, denied, "/first");
        await RecordAsync(app, denied, "/second");
        await RecordAsync(app, denied, "/third");
        await RecordAsync(app, denied, "/other", "not-own-session");
        await denied.WriteCountsAsync();
        Assert.Equal(["GET /first", "GET /other"], await EntriesAsync(app));

        _time.Advance(DeniedRequestRecorder.Minute);
        await denied.WriteCountsAsync();
        await denied.WriteCountsAsync();
        Assert.Equal(["GET /first", "GET /other", "2 GET /third"], await EntriesAsync(app));

        await RecordAsync(app, denied, "/fourth");
        Assert.Equal("GET /fourth", (await EntriesAsync(app))[^1]);
    }

    [Fact]
    public async Task B14_Late_request_starts_a_new_minute()
    {
        await using var app = await AccountsApp.StartAsync();
        using var denied = New(app);
        await RecordAsync(app, denied, "/first");
        await RecordAsync(app, denied, "/second");
        _time.Advance(DeniedRequestRecorder.Minute);
        await RecordAsync(app, denied, "/third");
        await denied.WriteCountsAsync();
        Assert.Equal(["GET /first", "GET /third", "1 GET /second"], await EntriesAsync(app));
    }

    [Fact]
    public async Task B14_Failed_count_is_written_later()
    {
        await using var app = await AccountsApp.StartAsync();
        using var denied = New(app);
        await ExecuteAsync(
            app, """CREATE TRIGGER "full" BEFORE INSERT ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'full'); END""");
        await Assert.ThrowsAsync<DbUpdateException>(() => RecordAsync(app, denied, "/first"));
        await RecordAsync(app, denied, "/second");
        _time.Advance(DeniedRequestRecorder.Minute);
        await denied.WriteCountsAsync();
        await ExecuteAsync(app, """DROP TRIGGER "full" """);
        await denied.WriteCountsAsync();
        Assert.Empty(await EntriesAsync(app));

        _time.Advance(DeniedRequestRecorder.Minute);
        await denied.WriteCountsAsync();
        Assert.Equal(["2 GET /second"], await EntriesAsync(app));
    }

    [Fact]
    public async Task B14_Parallel_requests_write_one_entry()
    {
        await using var app = await AccountsApp.StartAsync();
        using var denied = New(app);
        var allowed = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => RecordAsync(app, denied, "/same"))));
        Assert.Equal(DeniedRequestRecorder.MaxPerMinute, allowed.Count(one => one));
        await denied.WriteCountsAsync(all: true);
        Assert.Equal(["GET /same", "99 GET /same"], await EntriesAsync(app));
    }

    private DeniedRequestRecorder New(AccountsApp app) =>
        new(
            app.App.Services.GetRequiredService<IServiceScopeFactory>(), _time,
            NullLogger<DeniedRequestRecorder>.Instance);

    private static async Task<bool> RecordAsync(
        AccountsApp app, DeniedRequestRecorder denied, string path, string? reason = null)
    {
        await using var scope = app.App.Services.CreateAsyncScope();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            Request = { Method = "GET", Path = path },
        };
        return await denied.RecordAsync(context, reason);
    }

    private static Task<int> ExecuteAsync(AccountsApp app, string sql) =>
        app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync(sql));

    private static Task<List<string>> EntriesAsync(AccountsApp app) => app.WithAsync(async (AppDbContext d) =>
        (await d.AuditEntries.AsNoTracking().OrderBy(e => e.Id).ToListAsync())
            .Select(e => $"{e.Count} {e.Details}".Trim()).ToList());
}
