using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SessionWeb.Accounts;

/// <summary>
/// Codes of authenticator apps (RFC 6238 with its defaults): six digits for each time step of 30 seconds.
/// </summary>
internal static class AuthenticatorCode
{
    private const int Digits = 6;
    private const int SecondsPerStep = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Finds the time step of a code: the current, previous or next one.</summary>
    /// <param name="key">The key in base32.</param>
    /// <param name="code">Six ASCII digits. Spaces are ignored.</param>
    /// <param name="now">The current time.</param>
    /// <returns>Null if the code matches none of them.</returns>
    public static long? StepOf(string key, string code, DateTimeOffset now)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit) || Decode(key) is not { } secret)
            return null;
        var typed = Encoding.ASCII.GetBytes(digits);
        var current = now.ToUnixTimeSeconds() / SecondsPerStep;
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(Compute(secret, step))))
                found = step;
        }

        return found;
    }

    /// <summary>RFC 4226 §5.3 with the time step as the counter.</summary>
    private static string Compute(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // Authenticator apps use SHA-1
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xf)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <returns>Null if it is not base32.</returns>
    private static byte[]? Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (bits, count, written) = (0, 0, 0);
        foreach (var letter in key)
        {
            var value = Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
                return null;
            bits = ((bits << 5) | value) & 0xfff;
            count += 5;
            if (count >= 8)
                bytes[written++] = (byte)(bits >> (count -= 8));
        }
        return bytes;
    }
}
