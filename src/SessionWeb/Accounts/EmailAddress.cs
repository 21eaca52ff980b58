using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Validates and sets email addresses. Several accounts may have the same address.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;

    private static readonly EmailAddressAttribute Format = new();

    /// <summary>
    /// Whether it is null or an address without characters that could forge a line or change how other text is
    /// displayed.
    /// </summary>
    public static bool IsValid(string? email) =>
        email is null || email.Length <= MaxLength && Format.IsValid(email) && email.EnumerateRunes().All(IsVisible);

    public static void Set(UpdateSettersBuilder<Account> set, string? email, string? normalized) =>
        set.SetProperty(a => a.Email, email)
            .SetProperty(a => a.NormalizedEmail, normalized)
            .SetProperty(a => a.EmailConfirmed, false);

    /// <summary>The details of an audit entry.</summary>
    public static string DescribeChange(string? before, string? after) => $"{before ?? "–"} → {after ?? "–"}";

    private static bool IsVisible(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
