using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Tells a user why a session ended.</summary>
internal static class SessionEndTexts
{
    public static string Sentence(SessionEnd end) => end.Reason switch
    {
        SessionEndReasons.SignedOut => "You have signed out.",
        SessionEndReasons.Expired => "You were signed out because your session expired.",
        SessionEndReasons.Idle => "You were signed out because you were inactive for too long.",
        SessionEndReasons.RevokedByAdmin => "An administrator signed you out.",
        SessionEndReasons.RevokedByYou => "You signed out this device from another device.",
        SessionEndReasons.PasswordChanged => "You were signed out because your password was changed.",
        SessionEndReasons.AccountDisabled =>
            "You were signed out because your account was disabled. Contact an administrator.",
        SessionEndReasons.Replaced when end.By is { Length: > 0 } device =>
            $"You were signed out because of a newer sign-in from {device}. If that was not you, change your password.",
        SessionEndReasons.Replaced => "You were signed out because a newer sign-in replaced this session.",
        SessionEndReasons.RoleChanged => "You were signed out because your roles were changed.",
        SessionEndReasons.AccountChanged => "You were signed out because your user name or email address was changed.",
        SessionEndReasons.TwoFactorChanged =>
            "You were signed out because two-factor sign-in was turned on or off for your account.",
        _ => "Your session has ended.",
    };
}
