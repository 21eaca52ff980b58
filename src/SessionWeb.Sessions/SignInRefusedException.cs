namespace SessionWeb.Sessions;

/// <summary>A sign-in with valid credentials did not become a session.</summary>
public sealed class SignInRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SignInRefusedException(CreateOutcome outcome) : base(outcome switch
    {
        CreateOutcome.Full => "The account has as many sessions as it may have.",
        CreateOutcome.StaleGeneration => "The account changed while it was signing in.",
        _ => "The sign-in was refused.",
    }) => Outcome = outcome;

    /// <summary>Why: <see cref="CreateOutcome.Full"/> or <see cref="CreateOutcome.StaleGeneration"/>.</summary>
    public CreateOutcome Outcome { get; }
}
