namespace SessionWeb.Sessions;

/// <summary>The reasons for which sessions end.</summary>
public static class SessionEndReasons
{
    /// <summary>The user signed out.</summary>
    public const string SignedOut = "signed-out";

    /// <summary>The absolute timeout is over, or the store no longer knows the session.</summary>
    public const string Expired = "expired";

    /// <summary>The idle timeout is over.</summary>
    public const string Idle = "idle";

    /// <summary>An administrator revoked it.</summary>
    public const string RevokedByAdmin = "revoked-by-admin";

    /// <summary>The user revoked it from another device.</summary>
    public const string RevokedByYou = "revoked-by-you";

    /// <summary>The account's password was changed or reset.</summary>
    public const string PasswordChanged = "password-changed";

    /// <summary>The account was disabled or deleted.</summary>
    public const string AccountDisabled = "account-disabled";

    /// <summary>A newer sign-in replaced it.</summary>
    public const string Replaced = "replaced";

    /// <summary>The account's roles changed.</summary>
    public const string RoleChanged = "role-changed";

    /// <summary>The account's name or email address changed.</summary>
    public const string AccountChanged = "account-changed";

    /// <summary>The account's two-factor sign-in was switched on or off.</summary>
    public const string TwoFactorChanged = "two-factor-changed";
}
