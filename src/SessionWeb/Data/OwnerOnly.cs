namespace SessionWeb.Data;

/// <summary>Files that only the user of the process can read and write, whatever the umask. Windows inherits the rights of the folder.</summary>
internal static partial class OwnerOnly
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How to open a file, which is for its owner only if this creates it.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ReadWrite;
        return options;
    }

    /// <summary>Takes the rights of others away from an existing file; does nothing if there is none.</summary>
    public static void Restrict(string path, ILogger logger)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path) || (File.GetUnixFileMode(path) & ~ReadWrite) == 0)
            return;
        try
        {
            File.SetUnixFileMode(path, ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            CannotRestrict(logger, path);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The mode of {Path} cannot be set to 0600, because another user owns it; others can use that file.")]
    private static partial void CannotRestrict(ILogger logger, string path);
}
