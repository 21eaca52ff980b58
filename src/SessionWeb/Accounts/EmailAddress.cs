using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace SessionWeb.Accounts;

/// <summary>The one rule for e-mail addresses, wherever they come from.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;

    private static readonly EmailAddressAttribute Format = new();

    /// <summary>Whether it is an address, or none, without characters that could forge a line or change the display of others.</summary>
    public static bool IsValid(string? email) =>
        email is null || email.Length <= MaxLength && Format.IsValid(email) && email.EnumerateRunes().All(IsVisible);

    private static bool IsVisible(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
