using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SessionWeb.Hosting;

namespace SessionWeb.Data;

internal static class Database
{
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddSingleton<DataDirectory>();
        return services.AddDbContextFactory<AppDbContext>((provider, options) => options
            .UseSqlite(ConnectionString(provider))
            .AddInterceptors(new SqliteBusyTimeout())
            // Failures are thrown. The handler that catches one logs it.
            .ConfigureWarnings(w => w.Log(
                (RelationalEventId.CommandError, LogLevel.Debug),
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug))));
    }

    /// <summary>
    /// Opens the database, creates it if it is missing, and migrates it. Nodes that start at the same time take turns.
    /// </summary>
    /// <exception cref="StartupException">
    /// The database cannot be opened or migrated. Nothing in it has changed.
    /// </exception>
    public static async Task PrepareDatabaseAsync(
        this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        string? file = null;
        try
        {
            var databases = services.GetRequiredService<IDbContextFactory<AppDbContext>>();
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            file = database.Database.GetDbConnection().DataSource;
            await using var migrationLock = await MigrationLock.AcquireAsync(file, cancellationToken);
            RestrictToOwner(file, services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Database)));
            await database.CreateForOwnerOnlyAsync(file, cancellationToken);
            var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
            if (applied.Except(database.Database.GetMigrations()).Any())
            {
                throw new StartupException(
                    $"The database {file} (ConnectionStrings:Accounts) was created by a newer version of SessionWeb.");
            }
            // Only the holder of the migration lock migrates, so EF Core's lock in the database is from a process that
            // died.
            if (applied.Count > 0)
            {
                await database.Database.ExecuteSqlRawAsync(
                    """DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
            }

            await database.Database.MigrateAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbException or ArgumentException or IOException or UnauthorizedAccessException
            or InvalidOperationException or TimeoutException)
        {
            throw new StartupException(
                $"The database {file} (ConnectionStrings:Accounts) cannot be opened or migrated: "
                + e.GetBaseException().Message,
                e);
        }
    }

    /// <summary>
    /// Restricts the database and its companion files, which SQLite creates with the mode of the database.
    /// </summary>
    private static void RestrictToOwner(string file, ILogger logger)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm", "-journal", ".migration-lock" })
            OwnerOnly.Restrict(file + suffix, logger);
    }

    /// <summary>Creates a missing database file, so that other users can never open it.</summary>
    private static async Task CreateForOwnerOnlyAsync(
        this AppDbContext database, string file, CancellationToken cancellationToken)
    {
        var mode = new SqliteConnectionStringBuilder(database.Database.GetConnectionString()).Mode;
        // An existing file is not opened: closing it would release this process's SQLite locks.
        if (mode != SqliteOpenMode.ReadWriteCreate || file is "" or ":memory:"
            || file.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || new FileInfo(file) is { Exists: true, Length: > 0 })
        {
            return;
        }

        await new FileStream(file, OwnerOnly.Options(FileMode.OpenOrCreate)).DisposeAsync();
        // EF Core sets WAL mode only for a file that it creates itself.
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellationToken);
    }

    private static string ConnectionString(IServiceProvider services)
    {
        var setting = services.GetRequiredService<IConfiguration>().GetConnectionString("Accounts");
        return string.IsNullOrEmpty(setting)
            ? new SqliteConnectionStringBuilder
            {
                DataSource = services.GetRequiredService<DataDirectory>().File("sessionweb.db"),
            }.ToString()
            : setting;
    }
}
