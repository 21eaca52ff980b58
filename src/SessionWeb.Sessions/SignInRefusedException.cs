namespace SessionWeb.Sessions;

/// <summary>
/// A sign-in with valid credentials was refused. <see cref="SessionExtensions.SignInSessionAsync"/> returns the same as
/// a result.
/// </summary>
public sealed class SignInRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SignInRefusedException(CreateOutcome outcome, long generation = 0) : base(outcome switch
    {
        CreateOutcome.Full => "The account has reached the maximum number of sessions.",
        CreateOutcome.StaleGeneration => "The account changed during the sign-in.",
        _ => "The sign-in was refused.",
    }) => (Outcome, Generation) = (outcome, generation);

    /// <summary>The reason: <see cref="CreateOutcome.Full"/> or <see cref="CreateOutcome.StaleGeneration"/>.</summary>
    public CreateOutcome Outcome { get; }

    /// <summary>The account's generation in the store, which is higher than the sign-in's if that is stale.</summary>
    public long Generation { get; }
}
