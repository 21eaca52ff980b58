using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Fills the accounts database of a running app with SQL, in the stored format that all revisions share.
/// </summary>
internal static class AccountsSeed
{
    private static readonly TimeSpan RevokedWithin = TimeSpan.FromMinutes(10);

    /// <summary>Adds copies of an account, including its password, under new names.</summary>
    /// <returns>The names.</returns>
    public static async Task<string[]> CopyAccountAsync(string dataDirectory, string userName, int count)
    {
        await using var database = await OpenAsync(dataDirectory);
        var columns = new List<string>();
        await using (var info = Command(database, "SELECT name FROM pragma_table_info('Accounts')"))
        await using (var rows = await info.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
                columns.Add(rows.GetString(0));
        }

        var values = columns.Select(column => column switch
        {
            "Id" => "$id",
            "UserName" => "$name",
            "NormalizedUserName" => "upper($name)",
            "Email" or "NormalizedEmail" => "NULL",
            _ => $"\"{column}\"",
        });
        var names = Enumerable.Range(0, count).Select(i => $"user-{i}").ToArray();
        await using var transaction = await database.BeginTransactionAsync();
        foreach (var name in names)
        {
            await using var insert = Command(
                database,
                $"""
                INSERT INTO "Accounts" ("{string.Join("\", \"", columns)}")
                SELECT {string.Join(", ", values)} FROM "Accounts" WHERE "UserName" = $like
                """,
                ("$id", Guid.NewGuid().ToString()), ("$name", name), ("$like", userName));
            if (await insert.ExecuteNonQueryAsync() != 1)
                throw new InvalidOperationException($"There is no account '{userName}' to copy.");
        }
        await transaction.CommitAsync();
        return names;
    }

    /// <summary>
    /// Records acknowledged revocations of the last minutes, one per account. Half of them revoke a single session, the
    /// others all sessions of the account.
    /// </summary>
    public static async Task AddRevocationsAsync(string dataDirectory, int count)
    {
        await using var database = await OpenAsync(dataDirectory);
        await using var transaction = await database.BeginTransactionAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            var single = i % 2 == 0;
            var at = now - (long)(RevokedWithin.TotalMilliseconds * (count - i) / count);
            await using var insert = Command(
                database,
                """
                INSERT INTO "RevocationIntents"
                    ("Id", "Account", "Handle", "Generation", "Reason", "By", "SignInAgain", "At", "AcknowledgedAt")
                VALUES ($id, $account, $handle, $generation, 'revoked-by-admin', 'admin', 0, $at, $at)
                """,
                ("$id", RandomText(16)),
                ("$account", RandomText(16)),
                ("$handle", single ? RandomText(9) : DBNull.Value),
                ("$generation", single ? DBNull.Value : 1),
                ("$at", at));
            await insert.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    private static async Task<SqliteConnection> OpenAsync(string dataDirectory)
    {
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataDirectory, "sessionweb.db"),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        var database = new SqliteConnection(source.ToString());
        await database.OpenAsync();
        return database;
    }

    private static SqliteCommand Command(
        SqliteConnection database, string sql, params (string Name, object Value)[] parameters)
    {
        var command = database.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static string RandomText(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
