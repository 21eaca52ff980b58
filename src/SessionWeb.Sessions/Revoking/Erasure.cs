using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revoking;

/// <summary>The first half of a revocation: sessions are deleted, then the log says so.</summary>
internal sealed class Erasure(RedisSessions sessions, RevocationLog log, CurrentEveryone everyone, ProtocolRules rules)
{
    /// <returns>How many sessions ended, what was appended, and the intent with the generation that it took.</returns>
    public async Task<(int Ended, Appended Appended, RevocationIntent Intent)> CarryOutAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        if (intent.Account is not { } account)
            return await EveryoneAsync(intent, cancellationToken);
        Appended? early = null;
        if (!rules.DeleteBeforeAppend)
        {
            early = await TellAsync(new(intent.Id, account, intent.Generation, Named(intent), intent.ClaimsVersion), cancellationToken);
            await rules.LingerAsync();
        }
        var (ended, handles) = await DeleteAsync(account, intent, cancellationToken);
        await rules.LingerAsync();
        return (ended, early ?? await TellAsync(new(intent.Id, account, intent.Generation, handles, intent.ClaimsVersion), cancellationToken), intent);
    }

    /// <summary>Has the log tell of sessions that have ended.</summary>
    public async Task<Appended> TellAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        var appended = await log.AppendAsync(entry, null, cancellationToken);
        // Sent, and not waited for: what is told of twice does no harm.
        if (entry is { Account: { } account, Handles.Count: > 0 })
            _ = sessions.ToldAsync(account, entry.Handles, CancellationToken.None);
        return appended;
    }

    private static string[] Named(RevocationIntent intent) => intent.Handle is { } handle ? [handle] : [];

    /// <returns>How many sessions ended, and those of which the log must tell: also such as an earlier attempt deleted, or somebody else.</returns>
    private async Task<(int Ended, IReadOnlyList<string> Handles)> DeleteAsync(AccountTag account, RevocationIntent intent, CancellationToken cancellationToken)
    {
        if (intent.ClaimsVersion is { } version)
        {
            await sessions.OutdateClaimsAsync(account, version, cancellationToken);
            return (0, []);
        }
        var (ended, untold) = await sessions.EndAsync(account, intent.Handle, intent.KeepHandle, intent.Generation, intent.Ending, cancellationToken);
        return (ended.Count, intent.Handle is null ? untold : Named(intent));
    }

    // Deleting and telling are one here: everyone's generation is in the log, and whoever comes upon an older session deletes it.
    private async Task<(int, Appended, RevocationIntent)> EveryoneAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        var before = everyone.Value.Generation;
        var ended = await sessions.CountAsync(cancellationToken);
        while (true)
        {
            if (intent is { KeepAccount: { } account, KeepHandle: { } handle })
                await sessions.KeepAsync(account, handle, intent.Generation!.Value, cancellationToken);
            var appended = await log.AppendAsync(
                new(intent.Id, null, intent.Generation, []), new(intent.Generation!.Value, SessionRecord.Write(intent.Ending)), cancellationToken);
            if (appended.Number > 0)
                return ((int)Math.Max(0, ended - (intent.KeepHandle is null ? 0 : 1)), appended, intent);
            intent = intent with { Generation = appended.Taken + 1 };
        }
    }
}
