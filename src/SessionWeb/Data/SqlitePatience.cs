using System.Data.Common;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SessionWeb.Data;

/// <summary>
/// Lets a connection wait while another one writes, and look again every few milliseconds, for five seconds. SQLite's own waiting sleeps for
/// whole seconds where it was built without <c>usleep</c>, as some packages are; the provider's sleeps 150 ms at a time.
/// </summary>
internal sealed class SqlitePatience : DbConnectionInterceptor
{
    private const int LongestPause = 10;
    private const int Pauses = 1000;

    // By its name: its type is of a version of SQLitePCLRaw that some feeds do not carry (docs/dependencies.md).
    private static readonly PropertyInfo Handle = typeof(SqliteConnection).GetProperty("Handle")!;

    private delegate int BusyHandler(nint argument, int asked);

    // SQLite keeps it, so it must stay.
    private static readonly BusyHandler WaitALittle = (_, asked) =>
    {
        if (asked >= Pauses)
            return 0;
        Thread.Sleep(Random.Shared.Next(1, LongestPause));
        return 1;
    };

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (connection is SqliteConnection)
            _ = SetBusyHandler((SafeHandle)Handle.GetValue(connection)!, WaitALittle, 0);
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_busy_handler", CallingConvention = CallingConvention.Cdecl)]
    private static extern int SetBusyHandler(SafeHandle database, BusyHandler handler, nint argument);
}
