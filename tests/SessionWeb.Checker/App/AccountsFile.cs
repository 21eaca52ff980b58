using Microsoft.Data.Sqlite;

namespace SessionWeb.Checker.App;

/// <summary>The nodes' database, seen from outside.</summary>
internal sealed class AccountsFile : IDisposable
{
    private const string State = """
        SELECT concat_ws('|', a.UserName, a.Email, a.PasswordHash, a.TwoFactorEnabled, a.DisabledAt,
            a.DisabledUntil, a.Generation, a.ClaimsVersion,
            (SELECT group_concat(r.RoleId) FROM AccountRoles r WHERE r.UserId = a.Id))
        FROM Accounts a WHERE a.Id = $p0
        """;

    private readonly SqliteConnection _connection;

    public AccountsFile(string directory)
    {
        _connection = new($"Data Source={directory}/sessionweb.db;Pooling=False;Default Timeout=30");
        _connection.Open();
    }

    /// <summary>What users and administrators change of an account, as one text; null if there is none.</summary>
    public string? StateOf(string accountId) => (string?)Scalar(State, accountId);

    public string IdOf(string userName) => (string)Scalar("SELECT Id FROM Accounts WHERE UserName = $p0", userName)!;

    /// <summary>How many revocations of the account, or of everyone, were ever recorded.</summary>
    public long RevocationsOf(string accountTag) =>
        (long)Scalar("SELECT count(*) FROM RevocationIntents WHERE Account = $p0 OR Account IS NULL", accountTag)!;

    /// <summary>Has the account a second factor, without an authenticator of its own.</summary>
    public void RequireCode(string accountId) =>
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
