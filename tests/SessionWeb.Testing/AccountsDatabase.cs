using Microsoft.Data.Sqlite;

namespace SessionWeb.Testing;

/// <summary>Queries the accounts database of a running app.</summary>
public sealed class AccountsDatabase(string dataDirectory)
{
    private readonly string _source = $"Data Source={dataDirectory}/sessionweb.db;Pooling=False;Default Timeout=30";

    /// <param name="sql">The statement, with the parameters <c>$p0</c>, <c>$p1</c> and so on.</param>
    /// <param name="parameters">The values of the parameters.</param>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection(_source);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (i, parameter) in parameters.Index())
            command.Parameters.AddWithValue($"$p{i}", parameter);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    public async Task<string> AccountIdAsync(string userName) =>
        (string)(await QueryAsync("SELECT Id FROM Accounts WHERE UserName = $p0", userName)).Single()[0]!;
}
