using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SessionWeb.Checker.Actions;

/// <summary>An authenticator app (RFC 6238) that reads its key from the two-factor page.</summary>
internal static partial class AuthenticatorApp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    /// <summary>The protected setup value of the page's form.</summary>
    public static string SetupIn(string page) => Setup().Match(page).Groups["setup"].Value;

    // CA5350: RFC 6238 requires SHA-1.
#pragma warning disable CA5350
    public static string CodeFor(string page)
    {
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / StepSeconds);
        var key = Key().Match(page).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal);
        var hash = HMACSHA1.HashData(Decode(key), step);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return $"{number % 1_000_000:D6}";
    }
#pragma warning restore CA5350

    private static byte[] Decode(string key)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString(Base32.IndexOf(letter), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    [GeneratedRegex("""name="Input\.Setup"[^>]* value="(?<setup>[^"]+)""")]
    private static partial Regex Setup();

    [GeneratedRegex("""id="key">(?<key>[A-Z2-7 ]+)<""")]
    private static partial Regex Key();
}
