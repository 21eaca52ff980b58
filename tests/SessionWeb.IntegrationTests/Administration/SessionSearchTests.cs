using SessionWeb.Administration;
using SessionWeb.Data;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Http;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class SessionSearchTests
{
    [Fact]
    public async Task Search_beyond_the_recent_sessions_needs_an_account_name()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("rare", "correct horse battery");
        var account = await app.AccountAsync("rare");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await app.WithAsync((AppDbContext database) =>
        {
            for (var i = 0; i < SessionSearch.MaxSessions; i++)
                database.Add(Stored($"id{i}", "Chrome on Windows", now));
            database.Add(Stored(account.Id, "Firefox on Linux", now - 60_000));
            return database.SaveChangesAsync();
        });

        var byDevice = await FindAsync(new(Device: "firefox"));
        Assert.Empty(byDevice.Sessions);
        Assert.True(byDevice.IsPartial);
        var byName = await FindAsync(new(Account: "RAR", Device: "firefox", Address: "192.0."));
        Assert.Equal("rare", Assert.Single(byName.Sessions).AccountName);
        Assert.False(byName.IsPartial);
        var all = await FindAsync(new());
        Assert.Equal((SessionSearch.MaxSessions + 1, true, false), (all.Total, all.HasNext, all.IsPartial));
        var sorted = await FindAsync(new(Order: SessionOrder.Name));
        Assert.Equal((SessionSearch.MaxSessions, 50, true), (sorted.Total, sorted.Sessions.Count, sorted.IsPartial));

        Task<SessionSearchPage> FindAsync(SessionFilter filter) =>
            app.WithAsync((SessionSearch online) => online.FindAsync(filter, 0, 50, default));

        StoredSession Stored(string id, string device, long seen) => new()
        {
            Hash = SessionToken.New(AccountTag.For(id)).Key.Hash,
            AccountTag = AccountTag.For(id).Value,
            AccountId = id,
            AccountName = id == account.Id ? "rare" : id,
            Device = device,
            IpAddress = "192.0.2.7",
            Ticket = [],
            SignedInAt = seen,
            LastSeenAt = seen,
            EndsAt = now + 600_000,
            ExpiresAt = now + 600_000,
            IdleTimeout = 600_000,
        };
    }
}
