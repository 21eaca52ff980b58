using SessionWeb.EndToEndTests.Requirements;

namespace SessionWeb.EndToEndTests.Sites;

internal static class SiteSettings
{
    /// <summary>Open registration, fast password hashes, and a longer store timeout for a busy machine.</summary>
    public static void SetTestDefaults(Action<string, string> set)
    {
        set("Accounts:Registration", "true");
        set("Accounts:BcryptCost", "10");
        set("Sessions:StoreTimeout", "00:00:03");
    }

    public static void SetShortTimeouts(Action<string, string> set)
    {
        set("Sessions:IdleTimeout", ExpiryRequirements.Idle.ToString());
        set("Sessions:AbsoluteTimeout", ExpiryRequirements.Absolute.ToString());
        set("Sessions:RememberMe", ExpiryRequirements.Absolute.ToString());
    }
}
