using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// What a node does when it meets a Redis that it does not know, be it new, restarted or promoted: whatever was revoked lately and is not in
/// its log is revoked there again, before anybody is accepted.
/// </summary>
internal sealed class Takeover(RevocationLog log, Erasure erasure, CurrentEveryone everyone, ProtocolRules rules, IServiceProvider services)
{
    private const int AtOnce = 32;

    public async Task RunAsync(Renewal renewal)
    {
        if (everyone.Value is var known && known.Generation > renewal.Everyone.Generation)
            await log.AppendAsync(new(Revoker.NewId(), null, known.Generation, []), known, CancellationToken.None);
        if (!rules.DurableIntents || services.GetService<IRevocationIntents>() is not { } intents)
            return;
        var latest = await LatestAsync(intents);
        var there = await ThereAsync(renewal.Incarnation);
        var missing = latest.Where(intent => !there.Contains(intent.Id)).ToLookup(intent => intent.Account is null);
        // Everyone's one after the other, in their order: an earlier one that came after a later one would end whom that one let stay.
        foreach (var everyones in missing[true])
            await erasure.CarryOutAsync(everyones, CancellationToken.None);
        // An account's do the same in whatever order. Nobody is let in meanwhile, and most of the time that one takes is waiting.
        await Parallel.ForEachAsync(
            missing[false], new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (intent, _) => await erasure.CarryOutAsync(intent, CancellationToken.None));
    }

    private static async Task<IReadOnlyList<RevocationIntent>> LatestAsync(IRevocationIntents intents)
    {
        try
        {
            return await intents.LatestAsync(NearCache.Window, CancellationToken.None);
        }
        catch (Exception failure) when (failure is not SessionStoreUnavailableException)
        {
            throw new SessionStoreUnavailableException("What was revoked lately cannot be read, so nobody is accepted from this Redis yet.", failure);
        }
    }

    private async Task<HashSet<string>> ThereAsync(string incarnation)
    {
        var there = new HashSet<string>();
        for (var position = LogPosition.Unknown with { Incarnation = incarnation }; ;)
        {
            var renewal = await log.RenewAsync("", position, "", CancellationToken.None);
            if (!renewal.IsSame)
                throw new SessionStoreUnavailableException("Redis was restarted while it was caught up with.");
            foreach (var (number, entry) in renewal.Entries)
            {
                there.Add(entry.Id);
                position = new(number, entry.Id, incarnation);
            }
            if (position.Number >= renewal.Head)
                return there;
        }
    }
}
