namespace SessionWeb.Sessions;

/// <summary>The result of <see cref="SessionExtensions.SignInSessionAsync"/>.</summary>
/// <param name="Outcome">Whether the session was created, or why it was refused.</param>
/// <param name="Generation">The account's generation in the store.</param>
public sealed record SessionSignInResult(CreateOutcome Outcome, long Generation)
{
    /// <summary>The new session's key; null if it was refused.</summary>
    public SessionKey? Key { get; init; }

    /// <summary>
    /// The handles of the sessions that ended as <see cref="SessionEndReasons.Replaced"/>: those beyond the limit, and
    /// the live session of the request.
    /// </summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>Whether every node acknowledged that the replaced sessions ended; null if none was replaced.</summary>
    public RevocationResult? Revocation { get; init; }
}
