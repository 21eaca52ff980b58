using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Pages.Admin;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class QueryCountTests
{
    private sealed class Counter : DbCommandInterceptor
    {
        public int Commands { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            Commands++;
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }

    [Fact]
    public async Task Query_count_does_not_depend_on_the_number_of_rows()
    {
        await using var app = await AccountsApp.StartAsync();
        var connection = await app.WithAsync((AppDbContext d) => Task.FromResult(d.Database.GetConnectionString()!));
        var counter = new Counter();
        await using var database = new AppDbContext(
            new DbContextOptionsBuilder<AppDbContext>().UseSqlite(connection).AddInterceptors(counter).Options);
        await AddAsync(1);
        var (accounts, entries) = (await CountAccountsAsync(1), await CountEntriesAsync(1));
        await AddAsync(60);
        Assert.Equal((accounts, entries), (await CountAccountsAsync(50), await CountEntriesAsync(50)));
        Assert.InRange(accounts, 1, 2);
        Assert.InRange(entries, 1, 2);

        async Task AddAsync(int last)
        {
            for (var i = await database.Users.CountAsync() + 1; i <= last; i++)
            {
                database.Users.Add(new() { UserName = $"a{i}", NormalizedUserName = $"A{i}" });
                database.AuditEntries.Add(new() { Event = AuditEvents.SignedIn, AccountName = $"a{i}" });
            }
            await database.SaveChangesAsync();
            database.ChangeTracker.Clear();
        }

        async Task<int> CountAccountsAsync(int rows)
        {
            counter.Commands = 0;
            var page = new AccountsModel(database, null!, Options.Create(new AccountOptions()), TimeProvider.System);
            await page.OnGetAsync(default);
            Assert.Equal(rows, page.Accounts.Count);
            return counter.Commands;
        }

        async Task<int> CountEntriesAsync(int rows)
        {
            counter.Commands = 0;
            var page = new AuditModel(new AuditReader(database), TimeProvider.System);
            await page.OnGetAsync(default);
            Assert.Equal(rows, page.Entries.Entries.Count);
            return counter.Commands;
        }
    }
}
