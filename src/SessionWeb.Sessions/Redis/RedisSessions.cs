using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revoking;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// What is done to the sessions in Redis 7, and nothing of who must hear of it. The keys are described in sessions.lua and
/// <see cref="OnlineIndex"/>; each operation is one script on one account's keys:
/// <code>
/// create   ZADD sw:on:n u:handle; EVALSHA create.lua {u}:m {u}:s {u}:x   refuses an older generation, makes room or refuses, stores
/// read     EVALSHA read.lua                                              the record, or how it ended: one round trip
/// outdate  EVALSHA outdate.lua                                           tickets below a version of the claims are out of date
/// replace  EVALSHA replace.lua                                           another ticket for a session that is there
/// touch    EVALSHA touch.lua                                             extends what is there by one ZADD, never recreates
/// end      EVALSHA end.lua; ZREM sw:on:n u:handle                        one session, or all of an account but one
/// told     HDEL {u}:m untold:handle                                      the log tells of it
/// keep     EVALSHA keep.lua                                              one session that stays when everyone else's end
/// endings  SUBSCRIBE sw:ended                                            the scripts publish the account's tag
/// list     EVALSHA list.lua                                              an account's sessions, or some of them
/// </code>
/// </summary>
internal sealed class RedisSessions(RedisConnection connection, OnlineIndex online, CurrentEveryone everyone, IOptions<SessionsOptions> options)
{
    private static readonly string RememberMs = Milliseconds(SessionEnding.RememberedFor);

    /// <returns>What came of it, and the sessions that ended to make room.</returns>
    public Task<(CreateOutcome Outcome, IReadOnlyList<string> Replaced)> CreateAsync(NewSession session, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var before = everyone.Value;
            var added = online.AddAsync(redis, session.Key);
            var pruned = online.PruneAsync(redis, session.Key.Account);
            var reply = await EvaluateAsync(
                redis, RedisScripts.Create, session.Key.Account, session.Key.Hash, session.Generation ?? 0, session.AccountName,
                Milliseconds(session.IdleTimeout), Milliseconds(session.Lifetime), session.MaxPerAccount,
                session.WhenFull == WhenFull.RefuseNew ? 1 : 0, SessionRecord.Write(new SessionEnding(EndReasons.Replaced, session.Device)),
                session.ClaimsVersion, SessionRecord.Write(session));
            await added;
            await pruned;
            if (before != everyone.Value)
                await online.AddAsync(redis, session.Key);
            var parts = (RedisResult[])reply!;
            var outcome = Enum.Parse<CreateOutcome>((string)parts[0]!);
            var replaced = outcome == CreateOutcome.Created ? Handles(parts[1]) : [];
            await online.ForgetAsync(
                redis, session.Key.Account, outcome == CreateOutcome.Created ? [.. replaced, .. Handles(parts[2])] : (List<string>)[session.Key.Handle]);
            return (outcome, (IReadOnlyList<string>)replaced);
        }, cancellationToken);

    public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await EvaluateAsync(redis, RedisScripts.Read, key.Account, key.Hash))!;
            if (!reply[0].IsNull)
            {
                var (session, generation, claimsVersion, ticket) = SessionRecord.Read(key, (byte[])reply[0]!, (long)reply[1]);
                return new SessionRead(session, ticket, null, reply[2].IsNull ? null : (long)reply[2])
                {
                    Generation = generation,
                    ClaimsVersion = claimsVersion,
                    LivesFor = TimeSpan.FromMilliseconds((long)reply[3]),
                };
            }
            return reply[1].IsNull ? SessionRead.Unknown : new SessionRead(null, default, SessionRecord.ReadEnding((string)reply[1]!));
        }, cancellationToken);

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var reply = await EvaluateAsync(redis, RedisScripts.Touch, key.Account, key.Hash);
            try
            {
                await ((string?)reply switch
                {
                    "at once" => online.NoteAsync(redis, key),
                    "some time" => online.NoteTogetherAsync(redis, key),
                    _ => Task.CompletedTask,
                });
            }
            catch (RedisServerException)
            {
                // A full Redis moves nothing in the list of who is online; the session itself was touched.
            }
            return !reply.IsNull;
        }, cancellationToken);

    public Task OutdateClaimsAsync(AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        connection.RunAsync(redis => EvaluateAsync(redis, RedisScripts.Outdate, account, claimsVersion, LongestMs), cancellationToken);

    public async Task<bool> ReplaceTicketAsync(SessionKey key, ReadOnlyMemory<byte> ticket, long claimsVersion, CancellationToken cancellationToken) =>
        await ReadAsync(key, cancellationToken) is { Session: { } session }
        && await connection.RunAsync(async redis =>
            (long)await EvaluateAsync(redis, RedisScripts.Replace, key.Account, key.Hash, claimsVersion, SessionRecord.Write(session, ticket.Span)),
            cancellationToken) == 1;

    public IAsyncEnumerable<AccountTag?> EndingsAsync(CancellationToken cancellationToken) => connection.ListenAsync("sw:ended", cancellationToken);

    /// <returns>The handles of the sessions that ended, and of all of the account's that the log does not tell of yet.</returns>
    public Task<(IReadOnlyList<string> Ended, IReadOnlyList<string> Untold)> EndAsync(
        AccountTag account, string? handle, string? keep, long? generation, SessionEnding ending, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await EvaluateAsync(
                redis, RedisScripts.End, account, handle ?? "", keep ?? "", generation?.ToString() ?? "", SessionRecord.Write(ending), LongestMs))!;
            var ended = Handles(reply[0]);
            // Sent, and not waited for: whoever comes upon an entry without a session removes it, too.
            _ = online.ForgetAsync(redis, account, ended);
            return ((IReadOnlyList<string>)ended, (IReadOnlyList<string>)(string[])reply[1]!);
        }, cancellationToken);

    /// <summary>The log tells of these sessions now.</summary>
    public Task ToldAsync(AccountTag account, IReadOnlyList<string> handles, CancellationToken cancellationToken) =>
        connection.RunAsync(redis => redis.HashDeleteAsync($"{{{account}}}:m", [.. handles.Select(handle => (RedisValue)$"untold:{handle}")]), cancellationToken);

    /// <summary>Lets a session stay when everyone's generation is raised.</summary>
    public Task KeepAsync(AccountTag account, string handle, long generation, CancellationToken cancellationToken) =>
        connection.RunAsync(redis => EvaluateAsync(redis, RedisScripts.Keep, account, handle, generation), cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => connection.RunAsync(online.CountAsync, cancellationToken);

    /// <summary>Clears up after everyone's generation was raised: the list of who is online begins anew, open pages look at their sessions.</summary>
    /// <param name="before">The generation whose list is of no use any more; null if there is none.</param>
    /// <param name="kept">The account of the session that stays.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task BeginAnewAsync(long? before, AccountTag? kept, CancellationToken cancellationToken) => connection.RunAsync(async redis =>
    {
        // Listing adds what the list of who is online does not have.
        if (kept is { } account)
            await ListAsync(redis, account, []);
        await redis.PublishAsync(new RedisChannel("sw:ended", RedisChannel.PatternMode.Literal), "");
        if (before is { } generation)
            await OnlineIndex.ForgetAsync(redis, generation);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var lists = await Task.WhenAll(accounts.Distinct().Select(account => ListAsync(redis, account, [])));
            return (IReadOnlyList<Session>)[.. lists.SelectMany(list => list).OrderByDescending(session => session.LastSeenAt)];
        }, cancellationToken);

    public async Task<SessionPage> ListOnlineAsync(int skip, int take, CancellationToken cancellationToken)
    {
        // Where many have expired unnoticed, ever more are looked at together, each time within the deadline.
        for (var look = take; ; look = Math.Min(look * 4, Math.Max(take, 2000)))
        {
            var looked = look;
            if (await connection.RunAsync(redis => LookAsync(redis, skip, take, looked), cancellationToken) is { } page)
                return page;
        }
    }

    /// <returns>Null where entries without a session were met; they are gone now.</returns>
    private async Task<SessionPage?> LookAsync(IDatabase redis, int skip, int take, int look)
    {
        var (latest, total) = await online.LatestAsync(redis, skip + look + 1);
        var entries = latest.Skip(skip).Take(look).ToList();
        var lists = await Task.WhenAll(entries.GroupBy(entry => entry.Account)
            .Select(some => ListAsync(redis, some.Key, [.. some.Select(entry => entry.Handle)])));
        var found = lists.SelectMany(list => list).ToDictionary(session => (session.Key.Account, session.Handle));

        var gone = entries.Where(entry => !found.ContainsKey((entry.Account, entry.Handle)) && OnlineIndex.IsSettled(entry)).ToList();
        if (gone.Count > 0)
        {
            await OnlineIndex.ForgetAsync(redis, gone);
            return null;
        }
        var sessions = entries.Take(take).Select(entry => found.GetValueOrDefault((entry.Account, entry.Handle))).OfType<Session>();
        return new([.. sessions], latest.Count > skip + take, total);
    }

    private async Task<List<Session>> ListAsync(IDatabase redis, AccountTag account, IReadOnlyList<string> handles)
    {
        var reply = (RedisResult[])(await EvaluateAsync(redis, RedisScripts.List, account, [.. handles]))!;
        var found = reply.Chunk(3).Select(row => (Key: new SessionKey(account, (string)row[0]!), Record: (byte[])row[1]!, Ends: (long)(double)row[2])).ToList();
        var noted = await online.NotedAsync(redis, account, found.Select(row => row.Key.Handle));
        await Task.WhenAll(found.Where((_, i) => noted[i] == 0).Select(row => online.AddAsync(redis, row.Key)));
        return [.. found.Select((row, i) => SessionRecord.Read(row.Key, row.Record, row.Ends, noted[i]).Session)];
    }

    private Task<RedisResult> EvaluateAsync(IDatabase redis, string script, AccountTag account, params RedisValue[] arguments)
    {
        var (generation, ending) = everyone.Value;
        return redis.ScriptEvaluateAsync(
            script, [$"{{{account}}}:m", $"{{{account}}}:s", $"{{{account}}}:x"], [generation, ending, RememberMs, .. arguments]);
    }

    private static List<string> Handles(RedisResult hashes) =>
        [.. ((RedisResult[])hashes!).Select(hash => ((string)hash!)[..SessionKey.HandleLength])];

    private string LongestMs => Milliseconds(options.Value.RememberMe + options.Value.AbsoluteTimeout);

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString();
}
