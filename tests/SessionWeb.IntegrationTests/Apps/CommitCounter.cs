using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>Counts the write transactions that SQLite commits on the connections of an app.</summary>
internal sealed class CommitCounter : DbConnectionInterceptor
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Watch(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Watch(connection);
        return Task.CompletedTask;
    }

    private void Watch(DbConnection connection) => raw.sqlite3_commit_hook(
        ((SqliteConnection)connection).Handle,
        _ =>
        {
            Interlocked.Increment(ref _count);
            return 0;
        },
        null);
}
