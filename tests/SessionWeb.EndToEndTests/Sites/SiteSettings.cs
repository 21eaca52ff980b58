using SessionWeb.EndToEndTests.Requirements;

namespace SessionWeb.EndToEndTests.Sites;

internal static class SiteSettings
{
    /// <summary>Every test registers its users, with fast passwords. On a busy machine Redis may need more time.</summary>
    public static void Open(Action<string, string> set)
    {
        set("Accounts:Registration", "true");
        set("Accounts:BcryptCost", "10");
        set("Sessions:StoreTimeout", "00:00:03");
    }

    public static void ShortLived(Action<string, string> set)
    {
        set("Sessions:IdleTimeout", ExpiryRequirements.Idle.ToString());
        set("Sessions:AbsoluteTimeout", ExpiryRequirements.Absolute.ToString());
        set("Sessions:RememberMe", ExpiryRequirements.Absolute.ToString());
    }
}
