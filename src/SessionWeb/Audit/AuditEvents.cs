namespace SessionWeb.Audit;

/// <summary>The words for what happens.</summary>
internal static class AuditEvents
{
    public const string SignedIn = "signed-in";
    public const string SignInRefused = "sign-in-refused";
    public const string SignedOut = "signed-out";

    /// <summary>A session had ended by itself, as idle or at its absolute expiry: written once, when its cookie comes next.</summary>
    public const string SessionExpired = "session-expired";

    /// <summary>A newer sign-in, from the device of the entry, took a session's place.</summary>
    public const string SessionReplaced = "session-replaced";

    /// <summary>One session is about to be ended.</summary>
    public const string SessionRevoked = "session-revoked";

    /// <summary>An account's sessions, or everyone's, are about to be ended.</summary>
    public const string SessionsRevoked = "sessions-revoked";

    /// <summary>What the revocation or change before it did: how many sessions ended.</summary>
    public const string SessionsEnded = "sessions-ended";

    public const string PasswordChanged = "password-changed";
    public const string PasswordReset = "password-reset";
    public const string NameChanged = "name-changed";
    public const string EmailChanged = "email-changed";
    public const string TwoFactorEnabled = "two-factor-enabled";
    public const string TwoFactorDisabled = "two-factor-disabled";
    public const string RoleGranted = "role-granted";
    public const string RoleTaken = "role-taken";
    public const string AccountAdded = "account-added";
    public const string AccountDisabled = "account-disabled";
    public const string AccountEnabled = "account-enabled";
    public const string AccountDeleted = "account-deleted";

    /// <summary>Too many wrong passwords or codes: nobody can sign in for a while.</summary>
    public const string AccountLocked = "account-locked";

    /// <summary>A page of administrators, or somebody else's session, was asked for in vain. With a count: that many more times within a minute.</summary>
    public const string AccessDenied = "access-denied";

    public static readonly IReadOnlyList<string> All =
    [
        SignedIn, SignInRefused, SignedOut, SessionExpired, SessionReplaced, SessionRevoked, SessionsRevoked, SessionsEnded, PasswordChanged,
        PasswordReset, NameChanged, EmailChanged, TwoFactorEnabled, TwoFactorDisabled, RoleGranted, RoleTaken, AccountAdded, AccountLocked,
        AccountDisabled, AccountEnabled, AccountDeleted, AccessDenied,
    ];
}
