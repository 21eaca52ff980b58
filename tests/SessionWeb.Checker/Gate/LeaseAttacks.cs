using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that limit how long a node answers from its cache.</summary>
internal static class LeaseAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("lease", NodeWithoutRepliesAsync, MaxAttempts: 10),
        new("wait", NodeWithDelayedRepliesAsync, MaxAttempts: 10),
        new("lease-from-sending", DelayedRenewalAsync, MaxAttempts: 12),
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

    /// <summary>Node B receives the replies to its renewals late. Then its requests no longer reach Redis.</summary>
    private static async Task<bool> DelayedRenewalAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        farm.B.Proxy.ReplyDelayMs = 900;
        await Task.Delay(farm.Lease * 2.5);
        farm.B.Proxy.BlocksRequests = true;
        await farm.RevokeAsync(account);
        return await farm.IsAnyAcceptedAsync(cookie, requests: 4);
    }
}
