namespace SessionWeb.Testing;

/// <summary>The processes of this machine, from /proc.</summary>
public static class RunningProcesses
{
    public static bool Exists(int id) =>
        File.Exists($"/proc/{id}/stat") && !Read($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);

    /// <summary>Processes whose command line, environment or working directory contains a directory.</summary>
    public static IReadOnlyList<string> ReferringTo(string directory) =>
    [
        .. from path in Directory.EnumerateDirectories("/proc")
           let id = Path.GetFileName(path)
           where id.All(char.IsAsciiDigit)
               && id != Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
           let command = Read($"{path}/cmdline")
           where command.Length > 0
           where (command + Read($"{path}/environ") + WorkingDirectory(path)).Contains(
               directory, StringComparison.Ordinal)
           select $"{id} {command.Replace('\0', ' ')}"
    ];

    private static string? WorkingDirectory(string path)
    {
        try
        {
            return new FileInfo($"{path}/cwd").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
