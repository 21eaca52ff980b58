using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Hosting;

namespace SessionWeb.IntegrationTests.Data;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Data_directory_is_accessible_only_to_its_owner()
    {
        using var directory = new TemporaryDirectory();
        await using var app = await AccountsApp.StartAsync(directory: directory.FullPath);
        var data = Path.Combine(directory.FullPath, "data");
        Assert.True(File.Exists(Path.Combine(data, "sessionweb.db")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        }
    }

    [Fact]
    public async Task Concurrent_writes_from_several_nodes_all_succeed()
    {
        using var directory = new TemporaryDirectory();
        var nodes = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => AccountsApp.StartAsync(directory: directory.FullPath))));
        await nodes[0].AddAsync("alice", "correct horse battery");
        await Task.WhenAll(
            from node in nodes
            from writer in Enumerable.Range(0, 8)
            select Task.Run(() => node.WithAsync(async (AppDbContext database) =>
            {
                for (var i = 0; i < 25; i++)
                {
                    // A read followed by a write fails in a deferred transaction.
                    await using var transaction = await database.Database.BeginTransactionAsync();
                    var account = await database.Users.SingleAsync();
                    account.Generation++;
                    await database.SaveChangesAsync();
                    await transaction.CommitAsync();
                    database.ChangeTracker.Clear();
                }
                return true;
            })));
        Assert.Equal(3 * 8 * 25, (await nodes[0].AccountAsync("alice")).Generation);
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_writer_continues_soon_after_the_lock_is_released()
    {
        const int Rounds = 60;
        using var directory = new TemporaryDirectory();
        await using var app = await AccountsApp.StartAsync(directory: directory.FullPath);
        await app.AddAsync("alice", "correct horse battery");

        // A writer that polls once per second needs one second per round.
        await Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await app.WithAsync(async (AppDbContext database) =>
                {
                    await using var transaction = await database.Database.BeginTransactionAsync();
                    var write = Task.Run(() => app.ChangeAsync("alice", account => account.Generation++));
                    // Long enough for the writer to reach the lock.
                    await Task.WhenAny(write, Task.Delay(TimeSpan.FromMilliseconds(50)));
                    Assert.False(write.IsCompleted);
                    await transaction.CommitAsync();
                    await write;
                    return true;
                });
            }
        }).WaitAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(Rounds, (await app.AccountAsync("alice")).Generation);
    }

    [Fact]
    public async Task File_that_is_not_a_database_stops_startup_unchanged()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.FullPath, "notes.txt");
        await File.WriteAllTextAsync(file, new string('x', 5000));
        var e = await Assert.ThrowsAsync<StartupException>(() => StartOnAsync($"Data Source={file}"));
        Assert.Contains("ConnectionStrings:Accounts", e.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("Data Source=/nowhere/at/all/accounts.db")]
    [InlineData("Data Source=/dev/null/accounts.db")]
    [InlineData("Server=somewhere;Nonsense=1")]
    public async Task Unopenable_database_stops_startup_with_one_error(string connectionString)
    {
        var e = await Assert.ThrowsAsync<StartupException>(() => StartOnAsync(connectionString));
        Assert.Contains("ConnectionStrings:Accounts", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Failed_migration_stops_startup_and_keeps_the_data()
    {
        using var directory = new TemporaryDirectory();
        var source = $"Data Source={Path.Combine(directory.FullPath, "other.db")}";
        await using (var other = new SqliteConnection(source))
        {
            await other.OpenAsync();
            await ExecuteAsync(other, "CREATE TABLE Roles (Anything TEXT); INSERT INTO Roles VALUES ('mine')");
        }
        var e = await Assert.ThrowsAsync<StartupException>(() => StartOnAsync(source));
        Assert.Contains("already exists", e.Message, StringComparison.Ordinal);
        await using var after = new SqliteConnection(source);
        await after.OpenAsync();
        Assert.Equal("mine", await ExecuteAsync(after, "SELECT Anything FROM Roles"));
        Assert.Equal(0L, await ExecuteAsync(after, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'Accounts'"));

        static async Task<object?> ExecuteAsync(SqliteConnection connection, string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync();
        }
    }

    [Fact]
    public async Task Database_of_a_newer_version_stops_startup()
    {
        using var directory = new TemporaryDirectory();
        await using (var app = await AccountsApp.StartAsync(directory: directory.FullPath))
        {
            await app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync(
                """INSERT INTO "__EFMigrationsHistory" VALUES ('20990101000000_FromTheFuture', '99')"""));
        }

        var e = await Assert.ThrowsAsync<StartupException>(() => AccountsApp.StartAsync(directory: directory.FullPath));
        Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abandoned_migration_lock_does_not_stop_startup()
    {
        using var directory = new TemporaryDirectory();
        await using (var app = await AccountsApp.StartAsync(directory: directory.FullPath))
        {
            await app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync(
                """INSERT INTO "__EFMigrationsLock" VALUES (1, '2020-01-01 00:00:00')"""));
        }

        await using var again = await AccountsApp.StartAsync(directory: directory.FullPath)
            .WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Times_are_comparable_in_queries()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", "correct horse battery");
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(
            1,
            await app.WithAsync(
                (AppDbContext d) => d.Users.CountAsync(a => a.CreatedAt <= now.ToOffset(TimeSpan.FromHours(-7)))));
        Assert.Equal(
            0, await app.WithAsync((AppDbContext d) => d.Users.CountAsync(a => a.CreatedAt > now.AddSeconds(1))));
    }

    private static Task<AccountsApp> StartOnAsync(string connectionString) =>
        AccountsApp.StartAsync(settings: new() { ["ConnectionStrings:Accounts"] = connectionString });
}
