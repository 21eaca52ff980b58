using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The session records in Redis 7. sessions.lua and <see cref="RecentSessionIndex"/> describe the keys. Each change of
/// an account is one script on its key:
/// <code>
/// create      ZADD sw:recent:n element; EVALSHA create.lua   refuses a lower generation, makes room or refuses, stores
/// read        EVALSHA read.lua                               the record, or how the session ended: one round trip
/// replace     EVALSHA replace.lua                            replaces the ticket, and optionally the id
/// touch       EVALSHA touch.lua                              extends a live session with one HSET, never recreates it
/// keep        EVALSHA keep.lua                               lets one session survive the next epoch
/// ended       SUBSCRIBE sw:ended                             the tags that the scripts publish
/// generation  EVALSHA generation.lua                         the account's generation
/// </code>
/// <see cref="RedisRevocationLog"/> ends sessions, in the step that appends the log entry.
/// </summary>
internal sealed partial class RedisSessions(
    RedisConnection connection, RecentSessionIndex index, RedisSessionLists lists, RedisArguments arguments,
    GlobalEpoch epoch, ILogger<RedisSessions> logger) : ISessionRecords
{
    public Task<CreatedRecord> CreateAsync(
        NewSession session, long knownGeneration, long recordedEpoch, CancellationToken cancellationToken) =>
        connection.RunAsync(async redis =>
        {
            var key = session.Key;
            var (before, entryId) = (epoch.Current, RevocationRequest.NewId());
            var added = Task.WhenAll(
                index.AddAsync(redis, key),
                // The index starts again when that epoch is raised.
                recordedEpoch > before.Number ? index.AddAsync(redis, key, recordedEpoch) : Task.CompletedTask,
                index.PruneAsync(redis, key.Account));
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Create, [.. RedisKeys.Log, RedisKeys.Account(key.Account)],
                arguments.Create(session, entryId, knownGeneration, recordedEpoch)))!;
            await added;
            if (before != epoch.Current)
                await index.AddAsync(redis, key);
            var result = new CreateResult((CreateOutcome)(int)reply[0], [], RevocationResult.None, (long)reply[1]);
            if (result.Outcome != CreateOutcome.Created)
            {
                await index.RemoveAsync(redis, key.Account, [key.Handle]);
                return new CreatedRecord(result, entryId, null);
            }
            var replaced = (string[])reply[3]!;
            await index.RemoveAsync(redis, key.Account, [.. replaced, .. (string[])reply[2]!]);
            var entry = replaced.Length > 0 ? LogFormat.ReadAppended(reply[4..]).Entry : null;
            return new(result with { Replaced = replaced }, entryId, entry);
        }, cancellationToken);

    public async Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken)
    {
        if (!key.IsWellFormed)
            return SessionRead.Unknown;
        var reply = (RedisResult[])(await EvaluateAsync(
            RedisScripts.Read, key.Account, [key.Handle, key.Rest], cancellationToken))!;
        if (!reply[0].IsNull)
        {
            var (session, generation, claimsVersion, ticket) = SessionRecord.Read(
                key.Account, key.Handle, (byte[])reply[0]!);
            // Under the requested key, even if it is a former one: that client has not used the new one.
            return new SessionRead(session with { Key = key }, ticket, null, reply[1].IsNull ? null : (long)reply[1])
            {
                Generation = generation,
                ClaimsVersion = claimsVersion,
                RemainingLifetime = TimeSpan.FromMilliseconds((long)reply[2]),
            };
        }
        if (reply.Length > 2)
            return SessionRead.Unknown with { RenewedKey = key with { Hash = key.Handle + (string)reply[2]! } };
        return reply[1].IsNull ? SessionRead.Unknown : new(null, default, SessionRecord.ReadEnd((string)reply[1]!));
    }

    public async Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken)
    {
        if (!key.IsWellFormed)
            return false;
        var reply = await EvaluateAsync(RedisScripts.Touch, key.Account, [key.Handle, key.Rest], cancellationToken);
        if ((int?)reply is 1 or 2)
        {
            await connection.RunAsync(
                redis => index.TouchAsync(redis, key, isUrgent: (int)reply == 2), cancellationToken);
        }

        return !reply.IsNull;
    }

    public async Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, cancellationToken) is not { Session: { } session })
            return ReplaceOutcome.NoSession;
        var payload = SessionRecord.Write(session, replacement.Ticket.Span);
        var (renewedRest, grace) =
            (replacement.RenewedKey?.Rest ?? "", RedisArguments.Milliseconds(replacement.FormerKeyGrace));
        var outcome = await EvaluateAsync(
            RedisScripts.Replace, key.Account,
            [key.Handle, key.Rest, replacement.ClaimsVersion, payload, renewedRest, grace], cancellationToken);
        return (ReplaceOutcome)(int)outcome;
    }

    public async IAsyncEnumerable<AccountTag?> EndedAccountsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tag in connection.ListenAsync(RedisKeys.Ended, cancellationToken))
            yield return string.IsNullOrEmpty(tag) ? null : new AccountTag(tag);
    }

    public Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
        connection.RunAsync(redis => lists.ListAsync(redis, accounts), cancellationToken);

    public async Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken)
    {
        // Each attempt has the deadline. Where many sessions have expired, attempts read more and more of the index.
        for (var count = take; ; count = Math.Min(count * 4, Math.Max(take, 2000)))
        {
            var current = count;
            var page = await connection.RunAsync(
                redis => lists.TryListRecentAsync(redis, skip, take, current), cancellationToken);
            if (page is not null)
                return page;
        }
    }

    public async Task<long> GenerationAsync(AccountTag account) =>
        (long)await EvaluateAsync(RedisScripts.Generation, account, [], CancellationToken.None);

    public Task<long> CountAsync() => connection.RunAsync(index.CountAsync);

    /// <summary>Lets a session survive the epoch that is raised next.</summary>
    public Task KeepAsync(AccountTag account, string handle, long nextEpoch) =>
        EvaluateAsync(RedisScripts.Keep, account, [handle, nextEpoch], CancellationToken.None);

    /// <summary>
    /// Removes ended sessions from the index, in the background: a reader that finds an element without a session
    /// removes it, too.
    /// </summary>
    public void RemoveFromIndex(AccountTag account, IReadOnlyList<string> handles)
    {
        if (handles.Count > 0)
        {
            _ = connection.RunAsync(redis => index.RemoveAsync(redis, account, handles))
                .ContinueWith(static removal => removal.Exception, TaskContinuationOptions.OnlyOnFaulted);
        }
    }

    /// <summary>
    /// After the epoch was raised: deletes the former one's index, and notifies all event streams. A failure is only
    /// logged.
    /// </summary>
    public async Task ResetIndexAsync(long? formerEpoch, AccountTag? keptAccount)
    {
        try
        {
            await connection.RunAsync(async redis =>
            {
                await redis.PublishAsync(RedisChannel.Literal(RedisKeys.Ended), "");
                if (formerEpoch is { } former)
                    await RecentSessionIndex.DeleteAsync(redis, former);
                // Listing adds what the index lacks. A full Redis adds nothing, so this comes last.
                return keptAccount is { } account ? await lists.ListAsync(redis, [account]) : [];
            });
        }
        catch (SessionStoreUnavailableException failure)
        {
            ResetFailed(logger, failure);
        }
    }

    private Task<RedisResult> EvaluateAsync(
        string script, AccountTag account, RedisValue[] values, CancellationToken cancellationToken) =>
        connection.RunAsync(
            redis => redis.ScriptEvaluateAsync(
                script, [RedisKeys.Account(account)], [.. arguments.Common(), .. values]),
            cancellationToken);

    [LoggerMessage(1, LogLevel.Warning,
        "All sessions ended, but the index of recent sessions could not be cleaned up.")]
    private static partial void ResetFailed(ILogger logger, Exception exception);
}
