namespace SessionWeb.Audit;

/// <summary>The fixed names of audit events.</summary>
internal static class AuditEvents
{
    public const string SignedIn = "signed-in";
    public const string SignInRefused = "sign-in-refused";
    public const string SignedOut = "signed-out";

    /// <summary>
    /// A session expired, at its idle or absolute timeout. Recorded once, when its cookie arrives next.
    /// </summary>
    public const string SessionExpired = "session-expired";

    /// <summary>A newer sign-in, from the device of the entry, replaced a session.</summary>
    public const string SessionReplaced = "session-replaced";

    /// <summary>One session is revoked.</summary>
    public const string SessionRevoked = "session-revoked";

    /// <summary>The sessions of one account, or of all accounts, are revoked.</summary>
    public const string SessionsRevoked = "sessions-revoked";

    /// <summary>How many sessions the preceding revocation or change ended.</summary>
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

    /// <summary>Too many wrong passwords or codes: the account cannot sign in for some minutes.</summary>
    public const string AccountLocked = "account-locked";

    /// <summary>
    /// A request for an administrators' page, or for a session of another account, was denied. With a count, that many
    /// more within a minute.
    /// </summary>
    public const string AccessDenied = "access-denied";

    public static readonly IReadOnlyList<string> All =
    [
        SignedIn, SignInRefused, SignedOut, SessionExpired, SessionReplaced, SessionRevoked, SessionsRevoked,
        SessionsEnded, PasswordChanged, PasswordReset, NameChanged, EmailChanged, TwoFactorEnabled, TwoFactorDisabled,
        RoleGranted, RoleTaken, AccountAdded, AccountLocked, AccountDisabled, AccountEnabled, AccountDeleted,
        AccessDenied,
    ];
}
