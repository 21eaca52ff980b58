namespace SessionWeb.Sessions;

/// <summary>The result of <see cref="SessionExtensions.SignInSessionAsync"/>.</summary>
/// <param name="Outcome">Whether the session was created, or why it was refused.</param>
/// <param name="Generation">The account's generation in the store.</param>
public sealed record SessionSignInResult(CreateOutcome Outcome, long Generation)
{
    /// <summary>The new session's key; null if it was refused.</summary>
    public SessionKey? Key { get; init; }

    /// <summary>
    /// The handles of the account's sessions beyond the limit. They ended as <see cref="SessionEndReasons.Replaced"/>.
    /// </summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>
    /// The live session of the request, which ended as <see cref="SessionEndReasons.Replaced"/>, or will when
    /// <see cref="Revocation"/> is no longer pending; null if there was none. It may be of another account.
    /// </summary>
    public Session? Former { get; init; }

    /// <summary>Whether every node acknowledged that these sessions ended; null if none did.</summary>
    public RevocationResult? Revocation { get; init; }
}
