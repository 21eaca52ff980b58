namespace SessionWeb.Sessions.Caching;

/// <summary>
/// Compares cookie values, and hashes only their last characters. That suffices: only values that were decrypted are
/// added, and those end with random bytes.
/// </summary>
internal sealed class CookieComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    private const int HashedLength = 16;

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

    public int GetHashCode(string obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<char> alternate) =>
        string.GetHashCode(alternate[Math.Max(0, alternate.Length - HashedLength)..], StringComparison.Ordinal);

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}
