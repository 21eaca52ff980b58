using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that limit how long a node answers from its cache.</summary>
internal static class LeaseAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("lease", NodeWithoutRepliesAsync, MaxAttempts: 10),
        new("wait", NodeWithDelayedRepliesAsync, MaxAttempts: 10),
        new("lease-from-sending", DelayedRenewalAsync, MaxAttempts: 4),
    ];

    /// <summary>Node B receives no replies from Redis, and so no entry.</summary>
    private static async Task<bool> NodeWithoutRepliesAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        farm.B.Proxy.BlocksReplies = true;
        await farm.RevokeAsync(account);
        return await farm.IsAcceptedAsync(cookie);
    }

    /// <summary>Node B receives the entry late.</summary>
    private static async Task<bool> NodeWithDelayedRepliesAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        farm.B.Proxy.ReplyDelayMs = 300;
        await farm.RevokeAsync(account);
        return await farm.IsAcceptedAsync(cookie);
    }

    /// <summary>
    /// Node B receives the reply to a renewal late, does not receive the published entry, and cannot renew again.
    /// </summary>
    private static async Task<bool> DelayedRenewalAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        farm.B.Proxy.ReplyDelayMs = 900;
        // The reply to the first of them may have been on its way.
        var before = await farm.CountRenewalsAsync(farm.B);
        await Wait.UntilAsync(
            async () => await farm.CountRenewalsAsync(farm.B) >= before + 2, "node B renewed under the delay");
        farm.B.Proxy.BlocksRequests = true;
        await farm.Redis.ExecuteAsync("CLIENT KILL TYPE pubsub");
        await farm.RevokeAsync(account);
        return await farm.IsAnyAcceptedAsync(cookie, requests: 4);
    }
}
