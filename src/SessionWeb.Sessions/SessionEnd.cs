namespace SessionWeb.Sessions;

/// <summary>
/// How a session ended. Stores remember it for <see cref="RetainedFor"/>, so that the person can be told.
/// </summary>
/// <param name="Reason">
/// One of <see cref="SessionEndReasons"/>, or a word of the app's own: lower case letters and hyphens.
/// </param>
/// <param name="By">
/// The name of the account that ended it, where that is somebody else; the device, where a newer sign-in did.
/// </param>
/// <param name="Message">What that person wanted to say; at most <see cref="MaxMessageLength"/> characters.</param>
/// <param name="SignInAgain">
/// Whether the person should be asked to sign in and then go on where they were, in place of being told that it is
/// over.
/// </param>
public sealed record SessionEnd(string Reason, string? By = null, string? Message = null, bool SignInAgain = false)
{
    /// <summary>How long a message may be.</summary>
    public const int MaxMessageLength = 300;

    /// <summary>How long an ending is remembered: a day.</summary>
    public static readonly TimeSpan RetainedFor = TimeSpan.FromDays(1);

    /// <summary>When it ended, by the store's clock; set by the store.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>Why sessions end.</summary>
public static class SessionEndReasons
{
    /// <summary>The person signed out.</summary>
    public const string SignedOut = "signed-out";

    /// <summary>The absolute lifetime is over, or nothing is known of the session any more.</summary>
    public const string Expired = "expired";

    /// <summary>The session was not used for too long.</summary>
    public const string Idle = "idle";

    /// <summary>An administrator ended it.</summary>
    public const string RevokedByAdmin = "revoked-by-admin";

    /// <summary>The person ended it from another device.</summary>
    public const string RevokedByYou = "revoked-by-you";

    /// <summary>The account's password was changed or reset.</summary>
    public const string PasswordChanged = "password-changed";

    /// <summary>The account was disabled or deleted.</summary>
    public const string AccountDisabled = "account-disabled";

    /// <summary>A newer sign-in took its place.</summary>
    public const string Replaced = "replaced";

    /// <summary>The account's roles changed.</summary>
    public const string RoleChanged = "role-changed";

    /// <summary>The account's name or e-mail address was changed.</summary>
    public const string AccountChanged = "account-changed";

    /// <summary>The account's second factor was switched on or off.</summary>
    public const string TwoFactorChanged = "two-factor-changed";
}
