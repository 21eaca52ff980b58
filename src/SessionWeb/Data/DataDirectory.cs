namespace SessionWeb.Data;

/// <summary>Where the app keeps its files (setting <c>DataDirectory</c>, default <c>data</c> under the content root); nobody else may look inside.</summary>
internal sealed class DataDirectory
{
    public DataDirectory(IConfiguration configuration, IHostEnvironment environment)
    {
        var setting = configuration["DataDirectory"] is { Length: > 0 } value ? value : "data";
        FullPath = Path.GetFullPath(setting, environment.ContentRootPath);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(FullPath);
            else
                Directory.CreateDirectory(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"DataDirectory '{FullPath}' cannot be created: {e.Message}", e);
        }
    }

    public string FullPath { get; }

    public string File(string name) => Path.Combine(FullPath, name);
}
