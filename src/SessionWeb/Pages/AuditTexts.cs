using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>The texts that pages show for the codes in the audit log.</summary>
internal static class AuditTexts
{
    public static string Event(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.SessionsRevoked when entry.AccountName is null => "Sessions of all accounts revoked",
        AuditEvents.SessionsEnded => entry.Count == 1 ? "1 session ended" : $"{entry.Count} sessions ended",
        AuditEvents.AccessDenied when entry.Count is { } count =>
            count == 1 ? "Access denied 1 more time" : $"Access denied {count} more times",
        AuditEvents.RoleGranted => $"Role added: {entry.Details}",
        AuditEvents.RoleTaken => $"Role removed: {entry.Details}",
        var name => Event(name),
    };

    public static string Event(string name) => name switch
    {
        AuditEvents.SignedIn => "Signed in",
        AuditEvents.SignInRefused => "Sign-in refused",
        AuditEvents.SignedOut => "Signed out",
        AuditEvents.SessionExpired => "Session expired",
        AuditEvents.SessionReplaced => "Session replaced",
        AuditEvents.SessionRevoked => "Session revoked",
        AuditEvents.SessionsRevoked => "All sessions revoked",
        AuditEvents.SessionsEnded => "Sessions ended",
        AuditEvents.PasswordChanged => "Password changed",
        AuditEvents.PasswordReset => "Password reset",
        AuditEvents.NameChanged => "User name changed",
        AuditEvents.EmailChanged => "Email address changed",
        AuditEvents.TwoFactorEnabled => "Two-factor sign-in turned on",
        AuditEvents.TwoFactorDisabled => "Two-factor sign-in turned off",
        AuditEvents.RoleGranted => "Role added",
        AuditEvents.RoleTaken => "Role removed",
        AuditEvents.AccountAdded => "Account added",
        AuditEvents.AccountLocked => "Account locked",
        AuditEvents.AccountDisabled => "Account disabled",
        AuditEvents.AccountEnabled => "Account enabled",
        AuditEvents.AccountDeleted => "Account deleted",
        AuditEvents.AccessDenied => "Access denied",
        _ => name,
    };

    /// <summary>The name of the account that the entry concerns.</summary>
    public static string Account(AuditEntry entry) =>
        entry.AccountName
        ?? (entry.Event is AuditEvents.SessionsRevoked or AuditEvents.SessionsEnded ? "All accounts" : "–");

    /// <summary>Who caused the entry. Null if that is unknown.</summary>
    public static string? Actor(AuditEntry entry)
    {
        var isUnknown =
            entry.Event is AuditEvents.SignInRefused or AuditEvents.AccountLocked or AuditEvents.SessionExpired;
        return entry.By ?? (isUnknown ? null : entry.AccountName);
    }

    /// <summary>The reason, and the details that the event text does not contain.</summary>
    public static string? Notes(AuditEntry entry)
    {
        string?[] notes = [Reason(entry), Details(entry)];
        var text = string.Join(" · ", notes.Where(note => !string.IsNullOrEmpty(note)));
        return text.Length > 0 ? text : null;
    }

    /// <summary>The kind of the <see cref="Components.Badge"/>.</summary>
    public static string Kind(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.SignedIn or AuditEvents.AccountEnabled => "success",
        AuditEvents.SignInRefused or AuditEvents.AccessDenied or AuditEvents.AccountLocked => "danger",
        AuditEvents.SessionRevoked or AuditEvents.SessionsRevoked => "warning",
        AuditEvents.AccountDisabled or AuditEvents.AccountDeleted => "warning",
        AuditEvents.RoleGranted or AuditEvents.RoleTaken => "accent",
        AuditEvents.PasswordChanged or AuditEvents.PasswordReset => "accent",
        AuditEvents.NameChanged or AuditEvents.EmailChanged or AuditEvents.AccountAdded => "accent",
        AuditEvents.TwoFactorEnabled or AuditEvents.TwoFactorDisabled => "accent",
        _ => "neutral",
    };

    private static string? Reason(AuditEntry entry) => entry.Reason switch
    {
        "too-long" => "user name or password too long",
        "unknown-name" => "unknown user name",
        "wrong-password" => "wrong password",
        "wrong-code" => "wrong code",
        "used-code" => "code already used",
        "locked" => "account locked after wrong passwords or codes",
        "demo-password" => "demo password outside Development",
        "disabled" => "account disabled",
        "full" => "maximum number of devices reached",
        "overtaken" => "account changed during the sign-in",
        "not-own-session" => "not a session of this account",
        "registration" => "self-registration",
        "setup-link" => "setup link",
        "demo" => "demo account",
        SessionEndReasons.Idle => "inactive for too long",
        SessionEndReasons.Expired => "maximum lifetime reached",
        SessionEndReasons.Replaced => "newer sign-in",
        SessionEndReasons.RevokedByYou => "by the user",
        _ => null,
    };

    private static string? Details(AuditEntry entry) => entry.Event switch
    {
        AuditEvents.RoleGranted or AuditEvents.RoleTaken => null,
        AuditEvents.AccountAdded when entry.Details is { } roles => $"role {roles}",
        _ => entry.Details,
    };
}
