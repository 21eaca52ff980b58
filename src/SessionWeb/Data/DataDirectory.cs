using SessionWeb.Hosting;

namespace SessionWeb.Data;

/// <summary>
/// The directory of the app's files: setting <c>DataDirectory</c>, by default <c>data</c> under the content root. Only
/// the user of the process may access it.
/// </summary>
internal sealed partial class DataDirectory
{
    private const string Keys = "keys";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public DataDirectory(IConfiguration configuration, IHostEnvironment environment, ILogger<DataDirectory> logger)
    {
        var setting = configuration["DataDirectory"] is { Length: > 0 } value ? value : "data";
        FullPath = Path.GetFullPath(setting, environment.ContentRootPath);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(FullPath);
                return;
            }
            Directory.CreateDirectory(FullPath, Owner);
            var mode = System.IO.File.GetUnixFileMode(FullPath);
            if ((mode & ~Owner) != UnixFileMode.None)
                AccessibleToOthers(logger, FullPath, Convert.ToString((int)mode, 8));
            if (Directory.Exists(File(Keys)))
            {
                foreach (var key in Directory.EnumerateFiles(File(Keys)))
                    OwnerOnly.Restrict(key, logger);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"DataDirectory must be a directory that can be created, but '{FullPath}' cannot: {e.Message}", e);
        }
    }

    public string FullPath { get; }

    /// <summary>The directory of the data-protection keys of an embedded node.</summary>
    public string KeysPath => File(Keys);

    public string File(string name) => Path.Combine(FullPath, name);

    [LoggerMessage(1, LogLevel.Warning,
        "Other users of this machine can access the data directory {Path} (mode {Mode}). "
        + "Only this app needs it. Run: chmod 700 {Path}")]
    private static partial void AccessibleToOthers(ILogger logger, string path, string mode);
}
