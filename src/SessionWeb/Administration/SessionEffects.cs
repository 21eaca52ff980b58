namespace SessionWeb.Administration;

/// <summary>What an event of an account does to its sessions, on their next request on every node.</summary>
internal enum SessionEffect
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>They go on with the account's claims of today.</summary>
    RefreshClaims,

    /// <summary>They end; the person is asked to sign in, and goes on where they were.</summary>
    ReAuthenticate,

    /// <summary>They end, and the person is told why.</summary>
    Revoke,
}

/// <summary>The one table of events and their effects; the settings under <c>Sessions:Effects</c>.</summary>
/// <remarks>A session in which a person changes something of the own account goes on in any case, under a new id where the others end.</remarks>
internal sealed class SessionEffects
{
    /// <summary>The person changed the password: the other sessions.</summary>
    public SessionEffect PasswordChanged { get; set; } = SessionEffect.Revoke;

    /// <summary>Somebody else set a new password.</summary>
    public SessionEffect PasswordReset { get; set; } = SessionEffect.Revoke;

    /// <summary>The account was given a role.</summary>
    public SessionEffect RoleGranted { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>A role was taken from the account.</summary>
    public SessionEffect RoleTaken { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>The account has another name.</summary>
    public SessionEffect NameChanged { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>The account has another e-mail address: the other sessions, where the person changed it.</summary>
    public SessionEffect EmailChanged { get; set; } = SessionEffect.RefreshClaims;

    /// <summary>Two-factor sign-in was switched on or off: the other sessions, where the person did it.</summary>
    public SessionEffect TwoFactorChanged { get; set; } = SessionEffect.Revoke;

    /// <summary>Disabled for good, until a time, or deleted. Only <see cref="SessionEffect.Revoke"/> and <see cref="SessionEffect.ReAuthenticate"/> make sense.</summary>
    public SessionEffect AccountDisabled { get; set; } = SessionEffect.Revoke;

    /// <summary>The sentence that says what is wrong, or null.</summary>
    public string? Problem => AccountDisabled is SessionEffect.Keep or SessionEffect.RefreshClaims
        ? $"Sessions:Effects:AccountDisabled is {AccountDisabled}; it takes Revoke or ReAuthenticate."
        : null;
}
