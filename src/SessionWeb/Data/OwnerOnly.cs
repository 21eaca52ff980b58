namespace SessionWeb.Data;

/// <summary>
/// Files that only the user of the process can access, whatever the umask. On Windows they inherit the folder's
/// permissions.
/// </summary>
internal static partial class OwnerOnly
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Options to open a file. If this creates the file, only its owner can access it.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ReadWrite;
        return options;
    }

    /// <summary>Removes the permissions of other users from a file, if it exists.</summary>
    public static void Restrict(string path, ILogger logger)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)
            || (File.GetUnixFileMode(path) & ~ReadWrite) == UnixFileMode.None)
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            CannotRestrict(logger, path);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The mode of {Path} cannot be set to 0600, because another user owns it. Other users can access that file.")]
    private static partial void CannotRestrict(ILogger logger, string path);
}
