using Microsoft.Data.Sqlite;

namespace SessionWeb.Checker;

/// <summary>The recorded revocations in the nodes' database, changed from outside.</summary>
internal sealed class Journal(string directory)
{
    /// <summary>Has all of them recorded that much earlier than they were.</summary>
    public void Age(TimeSpan by)
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
