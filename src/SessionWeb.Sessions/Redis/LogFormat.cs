using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>Reads what log.lua and its scripts write. Later versions may append fields.</summary>
internal static class LogFormat
{
    private const string Version = "1";

    /// <param name="member">'1 id at account generation handles claims number'. The number is not read.</param>
    public static LogEntry ReadEntry(string member) =>
        member.Split(' ') is [Version, var id, var at, var account, var generation, var handles, var claims, ..]
            && long.TryParse(at, out _)
            ? new(
                id, account == "*" ? null : new AccountTag(account), ReadNumber(generation),
                handles == "-" ? [] : handles.Split(','), ReadNumber(claims))
            : throw new SessionStoreUnavailableException(
                $"The revocation log holds an entry of an unknown format: {member}");

    /// <param name="message">'incarnation number entry'.</param>
    /// <returns>Null for any other message.</returns>
    public static PublishedEntry? TryReadPublishedEntry(string message)
    {
        if (message.Split(' ', 3) is not [var incarnation, var number, var member] || !long.TryParse(number, out var n))
            return null;
        try
        {
            var entry = ReadEntry(member);
            return new(new(n, entry.Id, incarnation), entry);
        }
        catch (Exception failure)
            when (failure is SessionStoreUnavailableException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <param name="message">'incarnation number node'.</param>
    /// <returns>Null for any other message.</returns>
    public static PublishedAcknowledgement? TryReadAcknowledgement(string message) =>
        message.Split(' ', 3) is [var incarnation, var number, var node] && long.TryParse(number, out var last)
            ? new(incarnation, last, node)
            : null;

    /// <param name="reply">The reply of renew.lua.</param>
    public static Renewal ReadRenewal(RedisResult[] reply)
    {
        var end = (string)reply[4]! is { Length: > 0 } text ? SessionRecord.ReadEndText(text) : null;
        var entries = reply[7..].Chunk(2)
            .Select(row => (Number: (long)row[1], Entry: ReadEntry((string)row[0]!)))
            .ToList();
        return new(
            (string)reply[0]!, IsSame: (long)reply[1] == 1, IsMember: (long)reply[2] == 1, new((long)reply[3], end),
            Head: (long)reply[5], First: (long)reply[6], entries, Problem: null);
    }

    /// <param name="reply">The reply of the function <c>appended</c> in log.lua.</param>
    public static (AppendedEntry Entry, bool HasReplicas) ReadAppended(RedisResult[] reply) =>
        (new((long)reply[0], (string)reply[1]!, ReadNodes(reply[3]), TimeSpan.FromMilliseconds((long)reply[4])),
            (long)reply[2] > 0);

    public static Dictionary<string, NodeState> ReadNodes(RedisResult hash) =>
        ((string[])hash!).Chunk(2).Select(field => ReadNode(field[0], field[1])).ToDictionary(node => node.Id);

    /// <param name="id">The node's id.</param>
    /// <param name="stored">'1 acknowledged renewals at lease'.</param>
    public static NodeState ReadNode(string id, string stored) =>
        stored.Split(' ') is [Version, var acknowledged, _, var at, var lease, ..]
            ? new(
                id, stored, long.Parse(acknowledged), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at)),
                TimeSpan.FromMilliseconds(long.Parse(lease)))
            : throw new SessionStoreUnavailableException(
                $"The register holds an entry of an unknown format for {id}: {stored}");

    private static long? ReadNumber(string text) => text == "-" ? null : long.Parse(text);
}

/// <summary>A node's acknowledgement as it is published.</summary>
/// <param name="Incarnation">The log's incarnation.</param>
/// <param name="Number">The number of the last log entry that the node applied.</param>
/// <param name="Node">The node's id.</param>
internal sealed record PublishedAcknowledgement(string Incarnation, long Number, string Node);
