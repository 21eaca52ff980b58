namespace SessionWeb.Sessions;

/// <summary>A sign-in with valid credentials did not become a session.</summary>
public sealed class SignInRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SignInRefusedException(CreateOutcome outcome, long generation = 0) : base(outcome switch
    {
        CreateOutcome.Full => "The account has as many sessions as it may have.",
        CreateOutcome.StaleGeneration => "The account changed while it was signing in.",
        _ => "The sign-in was refused.",
    }) => (Outcome, Generation) = (outcome, generation);

    /// <summary>Why: <see cref="CreateOutcome.Full"/> or <see cref="CreateOutcome.StaleGeneration"/>.</summary>
    public CreateOutcome Outcome { get; }

    /// <summary>
    /// The account's generation in the store, which is higher than the sign-in's where that is why it was refused.
    /// </summary>
    public long Generation { get; }
}
