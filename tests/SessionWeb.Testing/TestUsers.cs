using System.Text.Json;

namespace SessionWeb.Testing;

/// <summary>The demo accounts of appsettings.Development.json.</summary>
public static class TestUsers
{
    private static readonly Dictionary<string, TestUser> All = Load();

    public static TestUser Admin => Named("admin");

    public static TestUser Alice => Named("alice");

    public static TestUser Bob => Named("bob");

    public static TestUser Named(string userName) => All[userName];

    private static Dictionary<string, TestUser> Load()
    {
        using var settings = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "appsettings.Development.json")));
        return settings.RootElement.GetProperty("Demo").GetProperty("Accounts").Deserialize<TestUser[]>()!
            .ToDictionary(user => user.UserName);
    }
}
