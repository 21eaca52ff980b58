using SessionWeb.Sessions;

namespace SessionWeb.Audit;

/// <summary>What people read in place of the log's words.</summary>
internal static class AuditTexts
{
    public static string Event(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.SessionsRevoked when entry.AccountName is null => "Everyone signed out",
        AuditEvents.SessionsEnded => entry.Count == 1 ? "1 session ended" : $"{entry.Count} sessions ended",
        AuditEvents.AccessDenied when entry.Count is { } count => count == 1 ? "Access denied once more" : $"Access denied {count} more times",
        AuditEvents.RoleGranted => $"Role granted: {entry.Details}",
        AuditEvents.RoleTaken => $"Role taken: {entry.Details}",
        var other => Event(other),
    };

    public static string Event(string word) => word switch
    {
        AuditEvents.SignedIn => "Signed in",
        AuditEvents.SignInRefused => "Sign-in refused",
        AuditEvents.SignedOut => "Signed out",
        AuditEvents.SessionExpired => "Session expired",
        AuditEvents.SessionReplaced => "Session replaced",
        AuditEvents.SessionRevoked => "Session revoked",
        AuditEvents.SessionsRevoked => "Signed out everywhere",
        AuditEvents.SessionsEnded => "Sessions ended",
        AuditEvents.PasswordChanged => "Password changed",
        AuditEvents.PasswordReset => "Password reset",
        AuditEvents.NameChanged => "Name changed",
        AuditEvents.EmailChanged => "E-mail changed",
        AuditEvents.TwoFactorEnabled => "Two-factor switched on",
        AuditEvents.TwoFactorDisabled => "Two-factor switched off",
        AuditEvents.RoleGranted => "Role granted",
        AuditEvents.RoleTaken => "Role taken",
        AuditEvents.AccountAdded => "Account added",
        AuditEvents.AccountLocked => "Account locked",
        AuditEvents.AccountDisabled => "Account disabled",
        AuditEvents.AccountEnabled => "Account enabled",
        AuditEvents.AccountDeleted => "Account deleted",
        AuditEvents.AccessDenied => "Access denied",
        _ => word,
    };

    /// <summary>Who did it; null where nobody knows.</summary>
    public static string? By(AuditEntry entry) => entry.By
        ?? (entry.Event is AuditEvents.SignInRefused or AuditEvents.AccountLocked or AuditEvents.SessionExpired ? null : entry.AccountName);

    /// <summary>What else there is to say: why, and any details that the event does not tell already.</summary>
    public static string? Notes(AuditEntry entry)
    {
        var notes = string.Join(" · ", new[] { Reason(entry), Details(entry) }.Where(note => !string.IsNullOrEmpty(note)));
        return notes.Length > 0 ? notes : null;
    }

    /// <summary>A <see cref="Components.Badge"/>'s kind.</summary>
    public static string Kind(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.SignedIn or AuditEvents.AccountEnabled => "success",
        AuditEvents.SignInRefused or AuditEvents.AccessDenied or AuditEvents.AccountLocked => "danger",
        AuditEvents.SessionRevoked or AuditEvents.SessionsRevoked or AuditEvents.AccountDisabled or AuditEvents.AccountDeleted => "warning",
        AuditEvents.RoleGranted or AuditEvents.RoleTaken or AuditEvents.PasswordChanged or AuditEvents.PasswordReset or AuditEvents.NameChanged
            or AuditEvents.EmailChanged or AuditEvents.TwoFactorEnabled or AuditEvents.TwoFactorDisabled or AuditEvents.AccountAdded => "accent",
        _ => "neutral",
    };

    private static string? Reason(AuditEntry entry) => entry.Reason switch
    {
        "too-long" => "name or password too long",
        "unknown-name" => "there is no such account",
        "wrong-password" => "wrong password",
        "wrong-code" => "wrong code",
        "used-code" => "code used before",
        "locked" => "locked after wrong passwords or codes",
        "demo-password" => "demo password outside Development",
        "disabled" => "account disabled",
        "full" => "signed in on too many devices",
        "overtaken" => "the account changed meanwhile",
        "not-own-session" => "not a session of this account",
        "registration" => "signed up",
        "setup-link" => "through the setup link",
        "demo" => "demo account",
        SessionEndReasons.Idle => "not used for too long",
        SessionEndReasons.Expired => "at the end of its lifetime",
        SessionEndReasons.Replaced => "by a newer sign-in",
        SessionEndReasons.RevokedByYou => "by its own account",
        _ => null,
    };

    private static string? Details(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.RoleGranted or AuditEvents.RoleTaken => null,
        AuditEvents.AccountAdded when entry.Details is { } roles => $"role {roles}",
        _ => entry.Details,
    };
}
