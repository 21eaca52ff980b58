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
            early = await AppendAsync(intent, Named(intent), cancellationToken);
            await rules.LingerAsync();
        }
        var ended = await DeleteAsync(account, intent, cancellationToken);
        await rules.LingerAsync();
        // What an earlier attempt has deleted is not found any more, and must be told all the same.
        var handles = intent.Handle is { } handle ? [handle] : ended;
        return (ended.Count, early ?? await AppendAsync(intent, handles, cancellationToken), intent);
    }

    private static string[] Named(RevocationIntent intent) => intent.Handle is { } handle ? [handle] : [];

    private async Task<IReadOnlyList<string>> DeleteAsync(AccountTag account, RevocationIntent intent, CancellationToken cancellationToken)
    {
        if (intent.ClaimsVersion is not { } version)
            return await sessions.EndAsync(account, intent.Handle, intent.KeepHandle, intent.Generation, intent.Ending, cancellationToken);
        await sessions.OutdateClaimsAsync(account, version, cancellationToken);
        return [];
    }

    private Task<Appended> AppendAsync(RevocationIntent intent, IReadOnlyList<string> handles, CancellationToken cancellationToken) =>
        log.AppendAsync(new(intent.Id, intent.Account, intent.Generation, handles), null, cancellationToken);

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
