namespace SessionWeb.Sessions;

/// <summary>The result of creating a session.</summary>
/// <param name="Outcome">Whether it was created, or why it was refused.</param>
/// <param name="Replaced">The handles of the sessions that ended because the account had too many.</param>
/// <param name="Revocation">
/// Whether every node acknowledged that they ended; <see cref="RevocationResult.None"/> if none did.
/// </param>
/// <param name="Generation">The account's generation in the store.</param>
public sealed record CreateResult(
    CreateOutcome Outcome, IReadOnlyList<string> Replaced, RevocationResult Revocation, long Generation);

/// <summary>The outcome of creating a session.</summary>
public enum CreateOutcome
{
    /// <summary>The session was created.</summary>
    Created,

    /// <summary>
    /// Refused: the account has a later generation, or all sessions were revoked at this moment. A new sign-in may
    /// succeed.
    /// </summary>
    StaleGeneration,

    /// <summary>Refused: the account has as many sessions as it may have.</summary>
    Full,
}
