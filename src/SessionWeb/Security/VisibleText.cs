using System.Globalization;
using System.Text;

namespace SessionWeb.Security;

/// <summary>
/// Makes text from users safe to display: it cannot forge a line, control a terminal, reorder its line or imitate other
/// text.
/// </summary>
internal static class VisibleText
{
    private static readonly Rune Replacement = Rune.ReplacementChar;

    /// <summary>
    /// For names and log entries: replaces every control, format or other invisible character with U+FFFD.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The maximum number of UTF-16 units. Longer text is truncated.</param>
    public static string Clean(string text, int maxLength = int.MaxValue) => Replace(text, maxLength, IsInvisible);

    /// <summary>
    /// For messages to users: keeps joiners and variation selectors, which some scripts and emoji require.
    /// </summary>
    public static string CleanMessage(string text) =>
        Replace(text, int.MaxValue, rune => IsInvisible(rune) && !IsJoinerOrVariationSelector(rune.Value));

    private static string Replace(string text, int maxLength, Func<Rune, bool> isReplaced)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = isReplaced(rune) ? Replacement : rune;
            if (clean.Length + shown.Utf16SequenceLength > maxLength)
                break;
            clean.Append(shown);
        }
        return clean.ToString();
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || IsBlank(rune.Value);

    // Blank letters, marks and symbols: Default_Ignorable_Code_Point of Unicode, and the blank Braille pattern.
    private static bool IsBlank(int value) =>
        value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f) or 0x2800 or 0x3164
            or (>= 0xfe00 and <= 0xfe0f) or 0xffa0 or (>= 0xe0000 and <= 0xe0fff);

    private static bool IsJoinerOrVariationSelector(int value) =>
        value is 0x200c or 0x200d or (>= 0xfe00 and <= 0xfe0f);
}
