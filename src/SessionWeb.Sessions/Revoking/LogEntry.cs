namespace SessionWeb.Sessions.Revoking;

/// <summary>An entry of the revocation log: what nodes must forget.</summary>
/// <param name="Id">The intent's id.</param>
/// <param name="Account">Whose sessions; null for everyone's.</param>
/// <param name="Generation">The account's new generation: sessions of earlier ones have ended.</param>
/// <param name="Handles">The sessions that have ended.</param>
internal sealed record LogEntry(string Id, AccountTag? Account, long? Generation, IReadOnlyList<string> Handles)
{
    /// <summary>'account generation handles', as log.lua describes it.</summary>
    public override string ToString() =>
        $"{Account?.Value ?? "*"} {Generation?.ToString() ?? "-"} {(Handles.Count == 0 ? "-" : string.Join(',', Handles))}";

    /// <param name="member">'id at account generation handles'.</param>
    public static LogEntry Parse(string member) => member.Split(' ') is [var id, _, var account, var generation, var handles]
        ? new(
            id,
            account == "*" ? null : new AccountTag(account),
            generation == "-" ? null : long.Parse(generation),
            handles == "-" ? [] : handles.Split(','))
        : throw new SessionStoreUnavailableException("The revocation log holds something that is not an entry.");
}
