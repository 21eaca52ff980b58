using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The sessions in Redis 7. sessions.lua and <see cref="RecentSessionIndex"/> describe the keys; each operation is one script on one account's key:
/// <code>
/// create      ZADD sw:recent:n entry; EVALSHA create.lua     refuses a lower generation, makes room (and logs that) or refuses, stores
/// read        EVALSHA read.lua                               the record, or how it ended: one round trip
/// replace     EVALSHA replace.lua                            another ticket, and maybe another id, for a session that is there
/// touch       EVALSHA touch.lua                              extends what is there by one HSET, never recreates
/// keep        EVALSHA keep.lua                               one session that stays when everyone else's end
/// endings     SUBSCRIBE sw:ended                             the scripts publish the account's tag
/// list        EVALSHA list.lua                               an account's sessions, or some of them
/// generation  EVALSHA generation.lua                         the account's generation
/// </code>
/// <see cref="RevocationLog"/> ends sessions, in the same step in which the log says so.
/// </summary>
internal sealed class RedisSessions(RedisConnection connection, RecentSessionIndex online, GlobalEpoch everyone, IOptions<SessionsOptions> options)
{
    private static readonly string RememberMs = Milliseconds(SessionEnd.RetainedFor);

    private string LongestMs => Milliseconds(options.Value.RememberMe + options.Value.AbsoluteTimeout);

    /// <returns>The result without its revocation, and the log's entry if sessions ended to make room.</returns>
    /// <param name="session">The session.</param>
    /// <param name="known">The account's generation as far as the node knows it; a session without a generation of its own has at least that.</param>
    /// <param name="epoch">The latest recorded epoch: the session is not of an earlier one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<(CreateResult Result, string EntryId, AppendedEntry? Appended)> CreateAsync(
        NewSession session, long known, long epoch, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var (before, entryId) = (everyone.Value, RevocationCoordinator.NewId());
            var added = Task.WhenAll(
                online.AddAsync(redis, session.Key),
                // The index begins again when that epoch is raised.
                epoch > before.Number ? online.AddAsync(redis, session.Key, epoch) : Task.CompletedTask);
            var pruned = online.PruneAsync(redis, session.Key.Account);
            var reply = await redis.ScriptEvaluateAsync(
                RedisScripts.Create, [.. RedisKeys.Log, RedisKeys.Account(session.Key.Account)],
                [
                    .. Common(), RevocationLog.NewIdentity(), session.Key.Account.Value, session.Key.Handle, session.Key.Rest, Text(session.Generation),
                    Milliseconds(session.IdleTimeout), Milliseconds(session.Lifetime), session.MaxPerAccount, session.WhenFull == WhenFull.RefuseNew ? 1 : 0,
                    SessionRecord.Write(new SessionEnd(SessionEndReasons.Replaced, session.Device)), session.ClaimsVersion, entryId, SessionRecord.Write(session), known,
                    epoch,
                ]);
            await added;
            await pruned;
            if (before != everyone.Value)
                await online.AddAsync(redis, session.Key);
            var parts = (RedisResult[])reply!;
            var result = new CreateResult(Enum.Parse<CreateOutcome>((string)parts[0]!), [], RevocationResult.None, (long)parts[1]);
            if (result.Outcome != CreateOutcome.Created)
            {
                await online.RemoveAsync(redis, session.Key.Account, [session.Key.Handle]);
                return (result, entryId, null);
            }
            var replaced = (string[])parts[3]!;
            await online.RemoveAsync(redis, session.Key.Account, [.. replaced, .. (string[])parts[2]!]);
            return (result with { Replaced = replaced }, entryId, replaced.Length > 0 ? RevocationLog.ReadAppended(parts[4..]) : null);
        }, cancellationToken);

    public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
        !key.IsWellFormed ? Task.FromResult(SessionRead.Unknown) : connection.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await EvaluateAsync(redis, RedisScripts.Read, key.Account, key.Handle, key.Rest))!;
            if (!reply[0].IsNull)
            {
                var (session, generation, claimsVersion, ticket) = SessionRecord.Read(key.Account, key.Handle, (byte[])reply[0]!);
                // Under the key that was asked for, also if it is a former one: whoever has that has not used the new one.
                return new SessionRead(session with { Key = key }, ticket, null, reply[1].IsNull ? null : (long)reply[1])
                {
                    Generation = generation,
                    ClaimsVersion = claimsVersion,
                    RemainingLifetime = TimeSpan.FromMilliseconds((long)reply[2]),
                };
            }
            if (reply.Length > 2)
                return SessionRead.Unknown with { RenewedKey = key with { Hash = key.Handle + (string)reply[2]! } };
            return reply[1].IsNull ? SessionRead.Unknown : new SessionRead(null, default, SessionRecord.ReadEnd((string)reply[1]!));
        }, cancellationToken);

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
        !key.IsWellFormed ? Task.FromResult(false) : connection.RunAsync(async redis =>
        {
            var reply = await EvaluateAsync(redis, RedisScripts.Touch, key.Account, key.Handle, key.Rest);
            try
            {
                await ((int?)reply switch
                {
                    2 => online.TouchAsync(redis, key),
                    1 => online.TouchLaterAsync(redis, key),
                    _ => Task.CompletedTask,
                });
            }
            catch (RedisServerException)
            {
                // A full Redis moves nothing in the index; the session itself was touched.
            }
            return !reply.IsNull;
        }, cancellationToken);

    public async Task<ReplaceOutcome> ReplaceTicketAsync(SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, cancellationToken) is not { Session: { } session })
            return ReplaceOutcome.NoSession;
        var payload = SessionRecord.Write(session, replacement.Ticket.Span);
        var outcome = await connection.RunAsync(
            redis => EvaluateAsync(
                redis, RedisScripts.Replace, key.Account, key.Handle, key.Rest, replacement.ClaimsVersion, payload,
                replacement.RenewedKey?.Rest ?? "", Milliseconds(replacement.FormerKeyGrace)),
            cancellationToken);
        return Enum.Parse<ReplaceOutcome>((string)outcome!);
    }

    /// <inheritdoc cref="ISessionStore.EndedAccountsAsync"/>
    public async IAsyncEnumerable<AccountTag?> EndingsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tag in connection.ListenAsync(RedisKeys.Ended, cancellationToken))
            yield return string.IsNullOrEmpty(tag) ? null : new AccountTag(tag);
    }

    public Task<long> GenerationAsync(AccountTag account, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis => (long)await EvaluateAsync(redis, RedisScripts.Generation, account), cancellationToken);

    /// <summary>The arguments with which every script on sessions begins.</summary>
    public RedisValue[] Common()
    {
        var (epoch, ending) = everyone.Value;
        return [epoch, ending, RememberMs];
    }

    /// <summary>For how long an account's generation is kept: as long as the longest session can live.</summary>
    public RedisValue GenerationMs => LongestMs;

    /// <summary>Lets a session stay when the epoch is raised.</summary>
    public Task KeepAsync(AccountTag account, string handle, long epoch, CancellationToken cancellationToken) =>
        connection.RunAsync(redis => EvaluateAsync(redis, RedisScripts.Keep, account, handle, epoch), cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => connection.RunAsync(online.CountAsync, cancellationToken);

    /// <summary>Removes sessions that ended from the index. Not waited for: whoever meets an entry without a session removes it, too.</summary>
    public void RemoveFromIndex(AccountTag account, IReadOnlyList<string> handles)
    {
        if (handles.Count > 0)
            _ = connection.RunAsync(async redis => { await online.RemoveAsync(redis, account, handles); return true; }, CancellationToken.None)
                .ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Cleans up after the epoch was raised: the index begins again, and open pages look at their sessions.</summary>
    /// <param name="before">The epoch whose index is of no use any more; null if there is none.</param>
    /// <param name="kept">The account of the session that stays.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ResetIndexAsync(long? before, AccountTag? kept, CancellationToken cancellationToken) => connection.RunAsync(async redis =>
    {
        await redis.PublishAsync(RedisChannel.Literal(RedisKeys.Ended), "");
        if (before is { } epoch)
            await RecentSessionIndex.RemoveAsync(redis, epoch);
        // Listing adds what the index does not have. A full Redis adds nothing, so this comes last.
        if (kept is { } account)
            await ListAsync(redis, account, []);
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

        var gone = entries.Where(entry => !found.ContainsKey((entry.Account, entry.Handle)) && RecentSessionIndex.IsSettled(entry)).ToList();
        if (gone.Count > 0)
        {
            await RecentSessionIndex.RemoveAsync(redis, gone);
            return null;
        }
        var sessions = entries.Take(take).Select(entry => found.GetValueOrDefault((entry.Account, entry.Handle))).OfType<Session>();
        return new([.. sessions], latest.Count > skip + take, total);
    }

    private async Task<List<Session>> ListAsync(IDatabase redis, AccountTag account, IReadOnlyList<string> handles)
    {
        var reply = (RedisResult[])(await EvaluateAsync(redis, RedisScripts.List, account, [.. handles]))!;
        var found = reply.Chunk(2).Select(row => (Handle: (string)row[0]!, Record: (byte[])row[1]!)).ToList();
        var noted = await online.LastUsesAsync(redis, account, found.Select(row => row.Handle));
        var sessions = found.Select((row, i) => SessionRecord.Read(account, row.Handle, row.Record, noted[i]).Session).ToList();
        try
        {
            await Task.WhenAll(sessions.Where((_, i) => noted[i] == 0).Select(session => online.AddAsync(redis, session.Key)));
        }
        catch (RedisServerException)
        {
            // A full Redis adds nothing to the index; the sessions are listed all the same.
        }
        return sessions;
    }

    private Task<RedisResult> EvaluateAsync(IDatabase redis, string script, AccountTag account, params RedisValue[] arguments) =>
        redis.ScriptEvaluateAsync(script, [RedisKeys.Account(account)], [.. Common(), .. arguments]);

    private static string Text(long? number) => number?.ToString() ?? "";

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString();
}
