namespace SessionWeb.Data;

/// <summary>
/// A lock on migrating a database file, held by one process at a time. The operating system releases it when its holder
/// dies. EF Core's own lock is a row in the database, which a killed process would leave there permanently.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly FileStream _file;

    private MigrationLock(FileStream file) => _file = file;

    public static async Task<MigrationLock> AcquireAsync(string databaseFile, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(databaseFile) + ".migration-lock";
        for (var deadline = DateTime.UtcNow + Timeout; ;)
        {
            try
            {
                return new MigrationLock(new FileStream(path, OwnerOnly.Options(FileMode.OpenOrCreate)));
            }
            catch (IOException e)
                when (e is not (DirectoryNotFoundException or FileNotFoundException) && DateTime.UtcNow < deadline)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
