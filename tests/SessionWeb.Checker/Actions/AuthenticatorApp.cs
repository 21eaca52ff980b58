using System.Text.RegularExpressions;

namespace SessionWeb.Checker.Actions;

/// <summary>An authenticator app that reads its key from the two-factor page.</summary>
internal static partial class AuthenticatorApp
{
    /// <summary>The protected setup value of the page's form.</summary>
    public static string SetupIn(string page) => Setup().Match(page).Groups["setup"].Value;

    public static string CodeFor(string page) => Totp.Code(Key().Match(page).Groups["key"].Value);

    [GeneratedRegex("""name="Input\.Setup"[^>]* value="(?<setup>[^"]+)""")]
    private static partial Regex Setup();

    [GeneratedRegex("""id="key">(?<key>[A-Z2-7 ]+)<""")]
    private static partial Regex Key();
}
