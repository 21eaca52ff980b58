using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>The keys and channels in Redis; sessions.lua and log.lua describe what they hold.</summary>
internal static class RedisKeys
{
    /// <summary>
    /// The channel on which scripts publish the tag of each account of which sessions ended; empty for everyone's.
    /// </summary>
    public const string Ended = "sw:ended";

    /// <summary>
    /// The channel on which new log entries are published: 'incarnation number entry', or an empty message for many.
    /// </summary>
    public const string Appended = "sw:log";

    /// <summary>The channel on which acknowledgements are published: 'incarnation number node'.</summary>
    public const string Acknowledged = "sw:acked";

    /// <summary>The four keys of the revocation log, in the order of the scripts.</summary>
    public static readonly RedisKey[] Log = ["sw:log", "sw:log:state", "sw:log:nodes", "sw:log:figures"];

    public static RedisKey Account(AccountTag account) => $"sw:{account}";

    /// <summary>A part of the index of recent sessions.</summary>
    public static RedisKey Recent(int shard, long epoch) =>
        epoch == 0 ? $"sw:recent:{shard}" : $"sw:recent:{shard}:{epoch}";
}
