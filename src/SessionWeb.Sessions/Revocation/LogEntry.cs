using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>An entry of the revocation log: what nodes must forget.</summary>
/// <param name="Id">The revocation's id.</param>
/// <param name="Account">Whose sessions; null for everyone's.</param>
/// <param name="Generation">The account's new generation: sessions of lower ones have ended.</param>
/// <param name="Handles">The sessions that have ended.</param>
/// <param name="ClaimsVersion">The account's new claims version: claims of lower ones are stale.</param>
/// <param name="At">When it was appended, by Redis' clock.</param>
internal sealed record LogEntry(
    string Id, AccountTag? Account, long? Generation, IReadOnlyList<string> Handles, long? ClaimsVersion = null, DateTimeOffset At = default)
{
    private const string Version = "1";

    /// <remarks>Later versions may write further fields.</remarks>
    /// <param name="member">'1 id at account generation handles claims', as log.lua describes it.</param>
    public static LogEntry Parse(string member) => member.Split(' ') is [Version, var id, var at, var account, var generation, var handles, var claims, ..]
        ? new(
            id, account == "*" ? null : new AccountTag(account), Number(generation), handles == "-" ? [] : handles.Split(','), Number(claims),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at)))
        : throw new SessionStoreUnavailableException($"The revocation log holds an entry of another format: {member}");

    private static long? Number(string text) => text == "-" ? null : long.Parse(text);
}

/// <summary>An entry as it is published: the node that has applied the one before it need not read the log.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Entry">What it says.</param>
internal sealed record PublishedEntry(LogPosition Position, LogEntry Entry)
{
    /// <param name="message">'incarnation number entry', as log.lua describes it.</param>
    /// <returns>Null for any other message.</returns>
    public static PublishedEntry? TryParse(string message)
    {
        if (message.Split(' ', 3) is not [var incarnation, var number, var member] || !long.TryParse(number, out var n))
            return null;
        try
        {
            var entry = LogEntry.Parse(member);
            return new(new(n, entry.Id, incarnation), entry);
        }
        catch (Exception failure) when (failure is SessionStoreUnavailableException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
