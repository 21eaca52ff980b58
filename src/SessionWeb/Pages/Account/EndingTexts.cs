using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>What a person is told about how a session ended.</summary>
internal static class EndingTexts
{
    public static string Sentence(SessionEnd ending) => ending.Reason switch
    {
        SessionEndReasons.SignedOut => "You have signed out.",
        SessionEndReasons.Idle => "You were signed out because you were away for a while.",
        SessionEndReasons.RevokedByAdmin => "An administrator signed you out.",
        SessionEndReasons.RevokedByYou => "You signed this device out from another one of yours.",
        SessionEndReasons.PasswordChanged => "You were signed out because your password was changed.",
        SessionEndReasons.AccountDisabled => "You were signed out because your account was disabled.",
        SessionEndReasons.Replaced when ending.By is { Length: > 0 } device => $"You were signed out because of a newer sign-in, from {device}. Was that not you? Change your password.",
        SessionEndReasons.Replaced => "You were signed out because a newer sign-in took this session's place.",
        SessionEndReasons.RoleChanged => "You were signed out because your roles were changed.",
        SessionEndReasons.AccountChanged => "You were signed out because your name or e-mail address was changed.",
        SessionEndReasons.TwoFactorChanged => "You were signed out because two-factor sign-in was switched on or off for your account.",
        _ => "Your session has ended.",
    };
}
