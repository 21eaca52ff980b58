namespace SessionWeb.Sessions;

/// <summary>
/// How a session ended. Stores keep it for <see cref="RetainedFor"/>, so that the user can be informed.
/// </summary>
/// <param name="Reason">
/// One of <see cref="SessionEndReasons"/>, or the app's own: lower-case letters and hyphens.
/// </param>
/// <param name="By">
/// The name of the other account that ended it, or the device of the newer sign-in that replaced it; else null.
/// </param>
/// <param name="Message">
/// The administrator's message to the user; at most <see cref="MaxMessageLength"/> characters.
/// </param>
/// <param name="SignInAgain">Whether the user is asked to sign in and then continues on the same page.</param>
public sealed record SessionEnd(string Reason, string? By = null, string? Message = null, bool SignInAgain = false)
{
    /// <summary>The maximum length of a message, in characters. The library does not check it.</summary>
    public const int MaxMessageLength = 300;

    /// <summary>How long a store keeps how a session ended: one day.</summary>
    public static readonly TimeSpan RetainedFor = TimeSpan.FromDays(1);

    /// <summary>When the session ended, by the store's clock. The store sets it.</summary>
    public DateTimeOffset At { get; init; }
}
