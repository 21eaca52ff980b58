using System.Text.Json;

namespace SessionWeb.BrowserTests.Running;

/// <summary>The accounts of appsettings.Development.json.</summary>
public sealed record DemoAccount(string UserName, string Password)
{
    private static readonly Dictionary<string, DemoAccount> All = Load();

    public static DemoAccount Admin => All["admin"];
    public static DemoAccount Alice => All["alice"];
    public static DemoAccount Bob => All["bob"];

    private static Dictionary<string, DemoAccount> Load()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.Development.json")));
        return settings.RootElement.GetProperty("Demo").GetProperty("Accounts").Deserialize<DemoAccount[]>()!
            .ToDictionary(account => account.UserName);
    }
}
