using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that define the order of steps.</summary>
internal static class RaceAttacks
{
    private const int DelayMs = 120;

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("stripe-version", RevokeDuringReadAsync, MaxAttempts: 300, DelayMs),
        new("apply-before-ack", RequestAfterAcknowledgementAsync, MaxAttempts: 100, DelayMs),
        new("lease-before-lookup", RequestAsNodeResumesAsync, MaxAttempts: 40, DelayMs),
        new("lease-after-apply", RequestAsNodeResumesAsync, MaxAttempts: 40, DelayMs),
    ];

    /// <summary>Node B has read the session and is about to cache it when node A revokes the session.</summary>
    private static async Task<bool> RevokeDuringReadAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync(isCached: false);
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        farm.B.Proxy.Trigger = new(1, () => reading.TrySetResult()) { ForwardsCommand = true };
        var read = farm.B.SendRequestAsync(cookie);
        // It is a renewal instead of the read now and then.
        await reading.Task;
        await farm.RevokeAsync(account);
        await read;
        return await farm.IsAcceptedAsync(cookie);
    }

    /// <summary>Node B receives a request immediately after the revocation is acknowledged.</summary>
    private static async Task<bool> RequestAfterAcknowledgementAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        await farm.RevokeAsync(account);
        return await farm.IsAcceptedAsync(cookie);
    }

    /// <summary>Node B is suspended during the revocation. Requests arrive while and after it resumes.</summary>
    private static async Task<bool> RequestAsNodeResumesAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        farm.B.Process.Suspend();
        await farm.RevokeAsync(account);
        var requests = Enumerable.Range(0, 30).Select(_ => farm.B.SendRequestAsync(cookie)).ToList();
        farm.B.Process.Resume();
        // Spread over the time in which the node catches up: each falls between other steps.
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(5);
            requests.Add(farm.B.SendRequestAsync(cookie));
        }
        return (await Task.WhenAll(requests)).Contains(RequestOutcome.Accepted);
    }
}
