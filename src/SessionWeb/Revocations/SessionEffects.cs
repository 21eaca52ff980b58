namespace SessionWeb.Revocations;

/// <summary>
/// The settings under <c>Sessions:Effects</c>: what each account event does to the account's sessions.
/// </summary>
/// <remarks>
/// A user who changes their own account stays signed in. If the other sessions end, the current one ends, too, and the
/// same response begins a new session. If that fails, the user has to sign in again.
/// </remarks>
internal sealed class SessionEffects
{
    /// <summary>The user changed the password. Affects the other sessions.</summary>
    public SessionEffect PasswordChanged { get; set; } = SessionEffect.Revoke;

    /// <summary>An administrator set a new password.</summary>
    public SessionEffect PasswordReset { get; set; } = SessionEffect.Revoke;

    /// <summary>A role was granted to the account.</summary>
    public SessionEffect RoleGranted { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>A role was removed from the account.</summary>
    public SessionEffect RoleTaken { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>The account was renamed.</summary>
    public SessionEffect NameChanged { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>The email address was changed. Affects the other sessions if the user changed it.</summary>
    public SessionEffect EmailChanged { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>Two-factor sign-in was enabled or disabled. Affects the other sessions if the user did it.</summary>
    public SessionEffect TwoFactorChanged { get; set; } = SessionEffect.Revoke;

    /// <summary>
    /// The account was disabled or deleted. Must be <see cref="SessionEffect.Revoke"/> or
    /// <see cref="SessionEffect.ReAuthenticate"/>.
    /// </summary>
    public SessionEffect AccountDisabled { get; set; } = SessionEffect.Revoke;

    /// <summary>The error message of an invalid setting. Null if all are valid.</summary>
    public string? Problem => AccountDisabled.EndsSessions()
        ? null
        : $"Sessions:Effects:AccountDisabled must be Revoke or ReAuthenticate, but was {AccountDisabled}.";
}
