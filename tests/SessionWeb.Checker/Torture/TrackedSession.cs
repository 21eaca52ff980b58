namespace SessionWeb.Checker.Torture;

/// <summary>What the checker knows about a session, on its own clock.</summary>
/// <param name="account">The name of the account, which is also its id.</param>
/// <param name="cookie">The session cookie.</param>
/// <param name="handle">The public handle.</param>
/// <param name="signInStarted">The timestamp before the sign-in request.</param>
/// <param name="signInEnded">The timestamp after the sign-in response.</param>
internal sealed class TrackedSession(string account, string cookie, string handle, long signInStarted, long signInEnded)
{
    private int _isReported;

    /// <summary>A revocation was requested. From now on the session may be rejected.</summary>
    public volatile bool IsRevocationRequested;

    /// <summary>A revocation is recorded. Finally the session must be rejected.</summary>
    public volatile bool IsPending;

    /// <summary>A revocation was acknowledged. Requests that start from now on must be rejected.</summary>
    public volatile bool IsAcknowledged;

    /// <summary>Redis may have lost the session. It may be rejected or accepted.</summary>
    public volatile bool MayBeLost;

    /// <summary>
    /// An earlier revocation of the account may be applied late and end later sessions, so there are none.
    /// </summary>
    public volatile bool IsLastOfAccount;

    /// <summary>The account's session that was revoked before or after this sign-in; null if there is none.</summary>
    public TrackedSession? Predecessor { get; init; }

    /// <summary>Whether the sign-in preceded the revocation of the predecessor, which keeps this session.</summary>
    public bool IsKept { get; init; }

    public string Account => account;

    public string AccountTag => Sessions.AccountTag.For(account).Value;

    public string Cookie => cookie;

    public string Handle => handle;

    public long SignInStarted => signInStarted;

    public long SignInEnded => signInEnded;

    /// <returns>True for the first call.</returns>
    public bool TryReport() => Interlocked.Exchange(ref _isReported, 1) == 0;
}
