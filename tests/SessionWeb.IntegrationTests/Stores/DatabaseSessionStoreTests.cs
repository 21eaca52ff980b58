using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionWeb.Data;
using SessionWeb.EmbeddedStore;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Stores;

public sealed class DatabaseSessionStoreTests : SessionStoreContract, IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private AccountsApp _app = null!;

    protected override ISessionStore Store => field ??= StoreOf(_app);

    private static DatabaseSessionStore StoreOf(AccountsApp app, TimeProvider? time = null) =>
        new(app.App.Services.GetRequiredService<IDbContextFactory<AppDbContext>>(), time ?? TimeProvider.System);

    public async ValueTask InitializeAsync() => _app = await AccountsApp.StartAsync(directory: _directory.FullPath);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Sessions_survive_a_restart()
    {
        var created = await CreateAsync();
        await _app.DisposeAsync();
        _app = await AccountsApp.StartAsync(directory: _directory.FullPath);
        Assert.NotNull((await StoreOf(_app).ReadAsync(created.Key, default)).Session);
    }

    [Fact]
    public async Task Concurrent_sign_ins_on_three_nodes_leave_the_limit()
    {
        await using var second = await AccountsApp.StartAsync(directory: _directory.FullPath);
        await using var third = await AccountsApp.StartAsync(directory: _directory.FullPath);
        ISessionStore[] nodes = [Store, StoreOf(second), StoreOf(third)];
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            nodes[i % 3].CreateAsync(NewSession() with { MaxPerAccount = 4 }, default))));
        Assert.Equal(4, (await Store.ListAsync([AccountTag.For("alice")], default)).Count);
    }

    [Fact]
    public async Task Ended_session_is_purged_after_a_day()
    {
        var created = await CreateAsync();
        await Store.EndAsync(created.Key.Account, created.Key.Handle, new(SessionEndReasons.SignedOut), default);
        var later = StoreOf(_app, new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromHours(24.1)));
        Assert.Equal(SessionRead.Unknown, await later.ReadAsync(created.Key, default));
        await later.CreateAsync(NewSession("bob"), default);
        Assert.Equal(1, await _app.WithAsync((AppDbContext d) => d.Sessions.CountAsync()));
    }

    [Fact]
    public async Task Clock_set_back_does_not_restore_an_ended_session()
    {
        var created = await CreateAsync();
        await Store.EndAsync(created.Key.Account, created.Key.Handle, new(SessionEndReasons.SignedOut), default);
        var earlier = StoreOf(_app, new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(-5)));
        Assert.False(await earlier.TouchAsync(created.Key, default));
        Assert.Null((await earlier.ReadAsync(created.Key, default)).Session);
    }

    [Fact]
    public async Task Ended_session_has_no_ticket()
    {
        var created = await CreateAsync();
        await Store.EndAsync(created.Key.Account, created.Key.Handle, new(SessionEndReasons.SignedOut), default);
        Assert.Empty(await _app.WithAsync((AppDbContext d) => d.Sessions.Select(s => s.Ticket).SingleAsync()));
    }

    [Fact]
    public async Task Failing_database_is_reported_as_unavailable()
    {
        var created = await CreateAsync();
        await _app.WithAsync(
            (AppDbContext d) => d.Database.ExecuteSqlRawAsync("""ALTER TABLE "Sessions" RENAME TO "Renamed" """));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.ReadAsync(created.Key, default));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.CreateAsync(NewSession(), default));
    }
}
