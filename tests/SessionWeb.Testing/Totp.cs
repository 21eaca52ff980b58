using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SessionWeb.Testing;

/// <summary>Codes of an authenticator app: six digits, a new code every 30 seconds (RFC 6238, RFC 4226).</summary>
public static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="key">The key in Base32, as the page shows it.</param>
    /// <param name="steps">The number of 30-second steps from now.</param>
    /// <param name="now">The current time; null means the system clock.</param>
    public static string Code(string key, int steps = 0, DateTimeOffset? now = null)
    {
        var message = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, (now ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds() / 30 + steps);
#pragma warning disable CA5350 // authenticator apps use HMAC-SHA-1 (RFC 6238)
        var hash = HMACSHA1.HashData(Decode(key), message);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return $"{number % 1_000_000:D6}";
    }

    /// <summary>A code that the key does not accept now.</summary>
    public static string Wrong(string key) =>
        Enumerable.Range(0, 10).Select(i => $"{i:D6}")
            .First(code => !Enumerable.Range(-4, 9).Any(step => Code(key, step) == code));

    private static byte[] Decode(string key)
    {
        var (bytes, bits, count) = (new List<byte>(), 0, 0);
        foreach (var letter in key.Where(char.IsAsciiLetterOrDigit))
        {
            bits = bits << 5 | Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            for (count += 5; count >= 8; bits &= (1 << count) - 1)
                bytes.Add((byte)(bits >> (count -= 8)));
        }
        return [.. bytes];
    }
}
