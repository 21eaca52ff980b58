using System.Globalization;
using System.Text;

namespace SessionWeb.Security;

/// <summary>Makes text from users safe to show: it cannot forge a line, drive a terminal, reorder its line or look like other text.</summary>
internal static class VisibleText
{
    private static readonly Rune Replacement = Rune.ReplacementChar;

    /// <summary>For names and log entries: replaces every control, format or otherwise invisible character by U+FFFD.</summary>
    /// <param name="maxLength">The maximum number of UTF-16 units; longer text is cut.</param>
    public static string Clean(string text, int maxLength = int.MaxValue) => Replace(text, maxLength, IsInvisible);

    /// <summary>For messages to users: the same, but keeps joiners and variation selectors, which scripts and emoji need.</summary>
    public static string CleanMessage(string text) => Replace(text, int.MaxValue, rune => IsInvisible(rune) && !IsJoiner(rune.Value));

    private static string Replace(string text, int maxLength, Func<Rune, bool> isRefused)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = isRefused(rune) ? Replacement : rune;
            if (clean.Length + shown.Utf16SequenceLength > maxLength)
                break;
            clean.Append(shown);
        }
        return clean.ToString();
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || IsBlank(rune.Value);

    // Letters, marks and symbols that are blank: Default_Ignorable_Code_Point of Unicode, and the empty Braille pattern.
    private static bool IsBlank(int value) =>
        value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f) or 0x2800 or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xffa0
            or (>= 0xe0000 and <= 0xe0fff);

    private static bool IsJoiner(int value) => value is 0x200c or 0x200d or (>= 0xfe00 and <= 0xfe0f);
}
