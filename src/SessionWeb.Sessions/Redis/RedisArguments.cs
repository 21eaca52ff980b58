using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>The arguments of the scripts on sessions.</summary>
internal sealed class RedisArguments(GlobalEpoch epoch, IOptions<SessionsOptions> options)
{
    private static readonly RedisValue RetainedMs = Milliseconds(SessionEnd.RetainedFor);

    private Tuple<Epoch, RedisValue[]>? _common;

    /// <summary>How long an account's generation is kept: longer than any session can be valid.</summary>
    public RedisValue GenerationMs => Milliseconds(options.Value.RememberMe + options.Value.AbsoluteTimeout);

    /// <summary>The length of this node's leases.</summary>
    public RedisValue LeaseMs => Milliseconds(options.Value.Lease);

    /// <summary>
    /// The first arguments of each script on sessions: the epoch, how sessions of lower epochs ended, and how long ends
    /// are kept.
    /// </summary>
    public RedisValue[] Common()
    {
        var current = epoch.Current;
        if (_common is not { } common || common.Item1 != current)
        {
            _common = common = new(
                current, [current.Number, current.End is { } end ? SessionRecord.Write(end) : "", RetainedMs]);
        }

        return common.Item2;
    }

    /// <summary>The arguments of create.lua.</summary>
    public RedisValue[] Create(NewSession session, string entryId, long knownGeneration, long recordedEpoch) =>
    [
        .. Common(), RedisRevocationLog.NewIdentity(), session.Key.Account.Value, session.Key.Handle, session.Key.Rest,
        session.Generation?.ToString() ?? "", Milliseconds(session.IdleTimeout), Milliseconds(session.Lifetime),
        session.MaxPerAccount, session.WhenFull == WhenFull.RefuseNew ? 1 : 0,
        SessionRecord.Write(new SessionEnd(SessionEndReasons.Replaced, session.Device)), session.ClaimsVersion, entryId,
        SessionRecord.Write(session), knownGeneration, recordedEpoch,
    ];

    /// <summary>The arguments of a revocation, for revoke.lua and recover.lua.</summary>
    public static RedisValue[] Revoke(RevocationRequest request) =>
    [
        request.Id, request.Account!.Value.Value, request.Handle ?? "", request.KeptHandle ?? "",
        request.Generation?.ToString() ?? "", request.ClaimsVersion?.ToString() ?? "", SessionRecord.Write(request.End),
    ];

    public static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString();
}
