namespace SessionWeb.Sessions;

/// <summary>What a sign-in does when the account has as many sessions as it may have.</summary>
public enum WhenFull
{
    /// <summary>It ends the account's oldest sessions as <see cref="SessionEndReasons.Replaced"/>.</summary>
    SignOutOldest,

    /// <summary>It is refused.</summary>
    RefuseNew,
}
