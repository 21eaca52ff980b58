using Microsoft.Data.Sqlite;

namespace SessionWeb.Checker.App;

/// <summary>The nodes' database, which the checker reads directly.</summary>
internal sealed class NodeDatabase : IDisposable
{
    private const string StateQuery = """
        SELECT concat_ws('|', a.UserName, a.Email, a.PasswordHash, a.TwoFactorEnabled, a.DisabledAt,
            a.DisabledUntil, a.Generation, a.ClaimsVersion,
            (SELECT group_concat(r.RoleId) FROM AccountRoles r WHERE r.UserId = a.Id))
        FROM Accounts a WHERE a.Id = $p0
        """;

    private readonly SqliteConnection _connection;

    public NodeDatabase(string directory)
    {
        _connection = new($"Data Source={directory}/sessionweb.db;Pooling=False;Default Timeout=30");
        _connection.Open();
    }

    /// <summary>The account's columns that actions change, as one text; null without such an account.</summary>
    public string? StateOf(string accountId) => (string?)Scalar(StateQuery, accountId);

    public string IdOf(string userName) => (string)Scalar("SELECT Id FROM Accounts WHERE UserName = $p0", userName)!;

    /// <summary>How many revocations of the account or of all accounts the journal contains.</summary>
    public long CountRevocations(string accountTag) =>
        (long)Scalar("SELECT count(*) FROM RevocationIntents WHERE Account = $p0 OR Account IS NULL", accountTag)!;

    /// <summary>Turns on two-factor sign-in without an authenticator key.</summary>
    public void EnableTwoFactor(string accountId) =>
        Scalar("UPDATE Accounts SET TwoFactorEnabled = 1 WHERE Id = $p0", accountId);

    public void Dispose() => _connection.Dispose();

    private object? Scalar(string sql, string parameter)
    {
        lock (_connection)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$p0", parameter);
            return command.ExecuteScalar() is { } value and not DBNull ? value : null;
        }
    }
}
