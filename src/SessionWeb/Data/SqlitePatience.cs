using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SessionWeb.Data;

/// <summary>
/// Lets a connection wait inside SQLite while another process writes: it looks again every few milliseconds there, while the
/// provider's own waiting (until the command's timeout) sleeps 150 ms at a time.
/// </summary>
internal sealed class SqlitePatience : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 5000";
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
