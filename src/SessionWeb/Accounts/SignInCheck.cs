using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace SessionWeb.Accounts;

/// <summary>What became of a name and a password. Without a principal the person hears one sentence, whatever the reason.</summary>
internal sealed record SignInCheck
{
    public const string CodeRefusedSentence = "The code is incorrect, or this account cannot sign in at the moment.";
    public const string RefusedSentence =
        "The user name or password is incorrect, or this account cannot sign in at the moment.";

    [MemberNotNullWhen(true, nameof(Account), nameof(Principal))]
    public bool Succeeded => Principal is not null;

    /// <summary>The account that was meant, if there is one: for the log, never for the page.</summary>
    public Account? Account { get; init; }

    /// <summary>The account's generation, read before the password was verified: what the new session is created under.</summary>
    public long Generation => Account?.Generation ?? 0;

    /// <summary>The version of the account's claims, read before the principal was made.</summary>
    public long ClaimsVersion => Account?.ClaimsVersion ?? 0;

    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>Whether this very attempt locked the account: for the log, never for the page.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether the password is not enough to sign in.</summary>
    public bool NeedsCode => Account?.TwoFactorEnabled == true;

    /// <summary>For the log, never for the page.</summary>
    public SignInRefusal? Refusal { get; init; }
}

internal enum SignInRefusal
{
    TooLong,
    UnknownName,
    WrongPassword,
    Locked,
    Disabled,

    /// <summary>The password was changed while it was being verified, or the account between password and code.</summary>
    Overtaken,

    WrongCode,

    /// <summary>Right, but it, or a code of a later time step, was used before.</summary>
    UsedCode,

    /// <summary>Outside Development: the account was seeded as a demo account and has no other password yet.</summary>
    DemoPassword,
}

internal static class SignInRefusals
{
    /// <summary>The word for the log.</summary>
    public static string Word(this SignInRefusal refusal) => refusal switch
    {
        SignInRefusal.TooLong => "too-long",
        SignInRefusal.UnknownName => "unknown-name",
        SignInRefusal.WrongPassword => "wrong-password",
        SignInRefusal.Locked => "locked",
        SignInRefusal.Disabled => "disabled",
        SignInRefusal.WrongCode => "wrong-code",
        SignInRefusal.UsedCode => "used-code",
        SignInRefusal.DemoPassword => "demo-password",
        _ => "overtaken",
    };
}
