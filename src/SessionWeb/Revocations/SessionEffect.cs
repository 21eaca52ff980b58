namespace SessionWeb.Revocations;

/// <summary>What an account event does to the account's sessions, from their next request on every node.</summary>
internal enum SessionEffect
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>They continue with reloaded claims.</summary>
    RefreshClaims,

    /// <summary>They end. The user is asked to sign in, and then returns to the page that they requested.</summary>
    ReAuthenticate,

    /// <summary>They end, and the signed-out page states the reason.</summary>
    Revoke,
}

internal static class SessionEffectExtensions
{
    public static bool EndsSessions(this SessionEffect effect) =>
        effect is SessionEffect.Revoke or SessionEffect.ReAuthenticate;
}
