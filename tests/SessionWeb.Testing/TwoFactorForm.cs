using System.Text.RegularExpressions;

namespace SessionWeb.Testing;

/// <summary>The page on which a user enables two-factor sign-in.</summary>
public static partial class TwoFactorForm
{
    public const string Path = "/account/two-factor";

    /// <summary>The key that the page shows for the authenticator app.</summary>
    public static string KeyOf(string page) =>
        Key().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>The recovery codes that the page shows.</summary>
    public static IReadOnlyList<string> RecoveryCodesOf(string page) =>
        [.. RecoveryCode().Matches(page).Select(match => match.Groups[1].Value)];

    /// <summary>The fields of the form without its antiforgery token.</summary>
    /// <param name="page">The page.</param>
    /// <param name="code">Computes a code from the key.</param>
    /// <param name="password">The current password.</param>
    public static Dictionary<string, string> FieldsOf(string page, Func<string, string> code, string password) => new()
    {
        ["Input.Setup"] = Setup().Match(page).Groups[1].Value,
        ["Input.Code"] = code(KeyOf(page)),
        ["Input.CurrentPassword"] = password,
    };

    /// <summary>Submits the form and does not read the page that follows.</summary>
    public static async Task<HttpResponseMessage> EnableTwoFactorAsync(
        this Visitor visitor, Func<string, string> code, string password)
    {
        var page = await visitor.ReadAsync(Path);
        return await visitor.PostAsync(
            $"{Path}?handler=enable", FieldsOf(page, code, password).Append(Visitor.TokenOf(page)));
    }

    [GeneratedRegex("<li>((?:[A-Z2-7]{4}-){5}[A-Z2-7]{4})</li>")]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("""id="key">([A-Z2-7 ]+)<""")]
    private static partial Regex Key();

    [GeneratedRegex("""name="Input\.Setup"[^>]*value="([^"]+)""")]
    private static partial Regex Setup();
}
