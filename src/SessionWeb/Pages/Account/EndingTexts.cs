using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>What a person is told about how a session ended.</summary>
internal static class EndingTexts
{
    public static string Sentence(SessionEnding ending) => ending.Reason switch
    {
        EndReasons.SignedOut => "You have signed out.",
        EndReasons.Idle => "You were signed out because you were away for a while.",
        EndReasons.RevokedByAdmin => "An administrator signed you out.",
        EndReasons.RevokedByYou => "You signed this device out from another one of yours.",
        EndReasons.PasswordChanged => "You were signed out because your password was changed.",
        EndReasons.AccountDisabled => "You were signed out because your account was disabled.",
        EndReasons.Replaced when ending.By is { Length: > 0 } device => $"You were signed out because of a newer sign-in, from {device}. Was that not you? Change your password.",
        EndReasons.Replaced => "You were signed out because a newer sign-in took this session's place.",
        EndReasons.RoleChanged => "You were signed out because your roles were changed.",
        EndReasons.AccountChanged => "You were signed out because your name or e-mail address was changed.",
        EndReasons.TwoFactorChanged => "You were signed out because two-factor sign-in was switched on or off for your account.",
        _ => "Your session has ended.",
    };
}
