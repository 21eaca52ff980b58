using System.Collections.Concurrent;
using System.Diagnostics;
using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Torture;

/// <summary>Signs in, sends requests and revokes, at random nodes.</summary>
internal sealed class TortureClient(
    LibraryFarm farm, SessionPool sessions, TortureStatistics statistics, Func<string> currentFault)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<string, long> _generations = new();

    private LibraryNode AnyNode => farm.Nodes[Random.Shared.Next(farm.Nodes.Count)];

    /// <summary>Signs in a new account unless there are enough sessions.</summary>
    public async Task SignInAsync()
    {
        if (sessions.IsFull)
            await Task.Delay(Pause);
        else if (await SignInAsync($"user-{Guid.NewGuid():N}") is { } session)
            sessions.Add(session);
    }

    /// <summary>Sends a request with the cookie of a live session, or of one that was revoked recently.</summary>
    public async Task SendRequestAsync()
    {
        var revoked = Random.Shared.Next(4) == 0 ? sessions.PickRevoked() : null;
        if ((revoked ?? sessions.Pick()) is { } session)
            await statistics.SendRequestAsync(session, AnyNode, currentFault());
        else
            await Task.Delay(Pause);
    }

    /// <summary>Revokes one session, all sessions of the account, or all but a new one. Then signs in again.</summary>
    public async Task RevokeAsync()
    {
        await Task.Delay(Random.Shared.Next(200));
        if (sessions.Take() is not { } session)
            return;
        var account = session.Account;
        var kept = Random.Shared.Next(4) == 0 ? await SignInAsync(account, session, isKept: true) : null;
        var handle = kept is null && Random.Shared.Next(2) == 0 ? session.Handle : null;
        var outcome = await RevokeAsync(session, handle, kept?.Handle);
        if (kept is not null)
        {
            kept.IsLastOfAccount = session.IsLastOfAccount || outcome == RevocationOutcome.Unknown;
            sessions.Add(kept);
        }
        else if (outcome != RevocationOutcome.Unknown && !session.IsLastOfAccount
            && await SignInAsync(account, session) is { } next)
        {
            sessions.Add(next);
        }
    }

    private async Task<RevocationOutcome> RevokeAsync(TrackedSession session, string? handle, string? kept)
    {
        var fault = currentFault();
        session.IsRevocationRequested = true;
        sessions.AddRevoked(session);
        var started = Stopwatch.GetTimestamp();
        // A change of the account raises its generation, as in the app. Later sign-ins use the new generation.
        long? generation = handle is null
            ? _generations.AddOrUpdate(session.Account, 1, (_, latest) => latest + 1)
            : null;
        var outcome = await AnyNode.RevokeAsync(session.Account, handle, kept, generation);
        statistics.Count(outcome, fault, Stopwatch.GetElapsedTime(started));
        if (outcome == RevocationOutcome.Acknowledged)
            session.IsAcknowledged = true;
        if (outcome == RevocationOutcome.Pending)
            session.IsPending = true;
        return outcome;
    }

    /// <returns>Null if the sign-in failed.</returns>
    private async Task<TrackedSession?> SignInAsync(
        string account, TrackedSession? predecessor = null, bool isKept = false)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (await AnyNode.SignInAsync(account, _generations.GetValueOrDefault(account)) is not var (cookie, handle))
                return null;
            return new(account, cookie, handle, started, Stopwatch.GetTimestamp())
            {
                Predecessor = predecessor,
                IsKept = isKept,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }
}
