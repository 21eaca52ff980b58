namespace SessionWeb.Sessions.Revoking;

/// <summary>An entry of the revocation log: what nodes must forget.</summary>
/// <param name="Id">The intent's id.</param>
/// <param name="Account">Whose sessions; null for everyone's.</param>
/// <param name="Generation">The account's new generation: sessions of earlier ones have ended.</param>
/// <param name="Handles">The sessions that have ended.</param>
/// <param name="ClaimsVersion">The account's new version of claims: those of earlier ones are out of date.</param>
internal sealed record LogEntry(string Id, AccountTag? Account, long? Generation, IReadOnlyList<string> Handles, long? ClaimsVersion = null)
{
    /// <summary>'account generation handles claims', as log.lua describes it.</summary>
    public override string ToString() =>
        $"{Account?.Value ?? "*"} {Text(Generation)} {(Handles.Count == 0 ? "-" : string.Join(',', Handles))} {Text(ClaimsVersion)}";

    /// <summary>An entry, also of a node that runs an earlier version, which tells of no claims, or a later one, which tells of more.</summary>
    /// <param name="member">'id at account generation handles claims'.</param>
    public static LogEntry Parse(string member) => member.Split(' ') is [var id, _, var account, var generation, var handles, .. var rest]
        ? new(id, account == "*" ? null : new AccountTag(account), Number(generation), handles == "-" ? [] : handles.Split(','), rest is [var claims, ..] ? Number(claims) : null)
        : throw new SessionStoreUnavailableException("The revocation log holds something that is not an entry.");

    private static string Text(long? number) => number?.ToString() ?? "-";

    private static long? Number(string text) => text == "-" ? null : long.Parse(text);
}
