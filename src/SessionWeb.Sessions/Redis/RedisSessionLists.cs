using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>Lists sessions: EVALSHA list.lua per account, for recent sessions after reading the index.</summary>
internal sealed class RedisSessionLists(RecentSessionIndex index, RedisArguments arguments)
{
    /// <summary>The live sessions of accounts, the last used first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(IDatabase redis, IReadOnlyCollection<AccountTag> accounts)
    {
        var lists = await Task.WhenAll(accounts.Distinct().Select(account => ListAsync(redis, account, [])));
        return [.. lists.SelectMany(list => list).OrderByDescending(session => session.LastSeenAt)];
    }

    /// <returns>Null if elements without a session were found. They are removed now.</returns>
    public async Task<SessionPage?> TryListRecentAsync(IDatabase redis, int skip, int take, int count)
    {
        var (latest, total) = await index.LatestAsync(redis, skip + count + 1);
        var entries = latest.Skip(skip).Take(count).ToList();
        var lists = await Task.WhenAll(entries
            .GroupBy(entry => entry.Account)
            .Select(group => ListAsync(redis, group.Key, [.. group.Select(entry => entry.Handle)])));
        var found = lists.SelectMany(list => list).ToDictionary(session => (session.Key.Account, session.Handle));

        var orphans = entries.Where(
            entry => !found.ContainsKey((entry.Account, entry.Handle)) && RecentSessionIndex.IsSettled(entry));
        if (orphans.ToList() is { Count: > 0 } removed)
        {
            await RecentSessionIndex.RemoveAsync(redis, removed);
            return null;
        }
        var sessions = entries.Take(take).Select(entry => found.GetValueOrDefault((entry.Account, entry.Handle)));
        return new([.. sessions.OfType<Session>()], latest.Count > skip + take, total);
    }

    private async Task<List<Session>> ListAsync(IDatabase redis, AccountTag account, IReadOnlyList<string> handles)
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            RedisScripts.List, [RedisKeys.Account(account)], [.. arguments.Common(), .. handles]))!;
        var rows = reply.Chunk(2).Select(row => (Handle: (string)row[0]!, Record: (byte[])row[1]!)).ToList();
        var lastUses = await index.LastUsesAsync(redis, account, rows.Select(row => row.Handle));
        var sessions = rows
            .Select((row, i) => SessionRecord.Read(account, row.Handle, row.Record, lastUses[i]).Session)
            .ToList();
        try
        {
            await Task.WhenAll(
                sessions.Where((_, i) => lastUses[i] == 0).Select(session => index.AddAsync(redis, session.Key)));
        }
        catch (RedisServerException)
        {
            // A full Redis adds nothing to the index. The sessions are listed all the same.
        }
        return sessions;
    }
}
