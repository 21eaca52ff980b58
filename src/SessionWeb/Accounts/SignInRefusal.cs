namespace SessionWeb.Accounts;

internal enum SignInRefusal
{
    TooLong,
    UnknownName,
    WrongPassword,
    Locked,
    Disabled,

    /// <summary>
    /// The password changed while it was being verified, or the account changed between the password, the code and the
    /// creation of the session.
    /// </summary>
    Overtaken,

    WrongCode,

    /// <summary>The code is correct, but it or a code of a later time step was used before.</summary>
    UsedCode,

    /// <summary>Outside Development, the account still has the demo password that it was seeded with.</summary>
    DemoPassword,
}

internal static class SignInRefusalExtensions
{
    /// <summary>The fixed code for the audit log.</summary>
    public static string Code(this SignInRefusal refusal) => refusal switch
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
