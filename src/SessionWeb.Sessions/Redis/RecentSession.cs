using System.Buffers.Text;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>An element of the recent-session index.</summary>
/// <param name="Shard">The key that holds it.</param>
/// <param name="Account">The account.</param>
/// <param name="Handle">The session's handle.</param>
/// <param name="LastUseMs">The last use in Unix milliseconds.</param>
internal readonly record struct RecentSession(RedisKey Shard, AccountTag Account, string Handle, long LastUseMs)
{
    private const int ElementLength = AccountTag.ByteLength + SessionKey.HandleLength / 4 * 3;

    public static RecentSession Read(RedisKey shard, SortedSetEntry entry) =>
        (byte[])entry.Element! is { Length: ElementLength } bytes
            ? new(
                shard, new(Base64Url.EncodeToString(bytes.AsSpan(0, AccountTag.ByteLength))),
                Base64Url.EncodeToString(bytes.AsSpan(AccountTag.ByteLength)), (long)entry.Score)
            : throw new SessionStoreUnavailableException($"The key {shard} holds an element of an unknown format.");

    /// <summary>Sorts elements of the same minute as Redis does.</summary>
    public string SortKey => Convert.ToHexString((byte[])ElementOf(Account, Handle)!);

    public static RedisValue ElementOf(SessionKey session) => ElementOf(session.Account, session.Handle);

    /// <summary>The element of the sorted set: tag and handle as bytes.</summary>
    public static RedisValue ElementOf(AccountTag account, string handle)
    {
        var bytes = new byte[ElementLength];
        Base64Url.DecodeFromChars(account.Value, bytes);
        Base64Url.DecodeFromChars(handle, bytes.AsSpan(AccountTag.ByteLength));
        return bytes;
    }
}
