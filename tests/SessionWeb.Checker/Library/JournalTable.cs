using Microsoft.Data.Sqlite;

namespace SessionWeb.Checker.Library;

/// <summary>The revocation journal in the nodes' database, which the checker changes directly.</summary>
internal sealed class JournalTable(string directory)
{
    /// <summary>Makes all revocations appear older by this time.</summary>
    public void Backdate(TimeSpan by)
    {
        using var connection = new SqliteConnection(
            $"Data Source={directory}/sessionweb.db;Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE RevocationIntents SET At = At - $by, AcknowledgedAt = AcknowledgedAt - $by";
        command.Parameters.AddWithValue("$by", (long)by.TotalMilliseconds);
        command.ExecuteNonQuery();
    }
}
