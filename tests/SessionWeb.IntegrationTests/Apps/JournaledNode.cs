using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>A library node without HTTP. Several nodes can share its SQLite revocation journal.</summary>
internal sealed class JournaledNode(IHost host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public ISessionStore Store => Services.GetRequiredService<ISessionStore>();

    public static async Task<JournaledNode> StartAsync(
        string redis, TemporaryDirectory directory, Action<SessionsOptions>? configure = null,
        bool waitForRedis = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Accounts", $"Data Source={Path.Combine(directory.FullPath, "journal.db")}")]);
        builder.Services.AddDatabase().AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication().AddCookie()
            .AddServerSideSessions(options =>
            {
                (options.StoreTimeout, options.Lease) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
                configure?.Invoke(options);
            })
            .UseRedis(redis).AddRevocationJournal<DatabaseRevocationJournal>();
        var host = builder.Build();
        await host.Services.PrepareDatabaseAsync();
        await host.StartAsync();
        if (waitForRedis)
            await host.Services.WaitForRedisAsync();
        return new(host);
    }

    public async Task<SessionKey> CreateAsync(AccountTag? account = null)
    {
        var tag = account ?? AccountTag.For($"account-{Guid.NewGuid()}");
        var created = await Store.CreateAsync(
            new()
            {
                Key = new(tag, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
                AccountId = "account",
                AccountName = "account",
                IdleTimeout = TimeSpan.FromMinutes(30),
                Lifetime = TimeSpan.FromHours(12),
                Ticket = new byte[10],
            },
            CancellationToken.None);
        Assert.Equal(CreateOutcome.Created, created.Outcome);
        return (await Store.ListAsync([tag], CancellationToken.None))[0].Key;
    }

    /// <summary>Whether the session is accepted; null while the store is unavailable.</summary>
    public async Task<bool?> IsLiveAsync(SessionKey session)
    {
        try
        {
            return (await Store.ReadAsync(session, CancellationToken.None)).Session is not null;
        }
        catch (SessionStoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The current state of the revocation log.</summary>
    public Task<Renewal> LogAsync() =>
        Services.GetRequiredService<IRevocationLog>().RenewAsync("", join: false, LogPosition.Unknown);

    /// <summary>Whether every revocation of the journal is acknowledged.</summary>
    public Task<bool> IsAcknowledgedAsync() =>
        WithJournalAsync(database => database.RevocationJournal.AllAsync(row => row.AcknowledgedAt != null));

    public async Task<T> WithJournalAsync<T>(Func<AppDbContext, Task<T>> act)
    {
        await using var database =
            await Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        return await act(database);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
