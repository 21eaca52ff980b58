namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that limit how long a node answers from its cache.</summary>
internal static class LeaseAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("lease", NodeWithoutRepliesAsync, MaxAttempts: 2),
        new("wait", NodeWithDelayedRepliesAsync, MaxAttempts: 2),
        new("lease-from-sending", DelayedRenewalAsync, MaxAttempts: 12),
    ];

    /// <summary>Node B receives no replies from Redis, and so no entry.</summary>
    private static async Task<bool> NodeWithoutRepliesAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        scene.B.Proxy.IsMute = true;
        await scene.RevokeAsync(account);
        return await scene.IsAcceptedAsync(cookie);
    }

    /// <summary>Node B receives the entry late.</summary>
    private static async Task<bool> NodeWithDelayedRepliesAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        scene.B.Proxy.Delay = 300;
        await scene.RevokeAsync(account);
        return await scene.IsAcceptedAsync(cookie);
    }

    /// <summary>Node B receives the replies to its renewals late. Then its requests do not reach Redis any more.</summary>
    private static async Task<bool> DelayedRenewalAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        scene.B.Proxy.Delay = 900;
        await Task.Delay(scene.Lease * 2.5);
        scene.B.Proxy.IsDeaf = true;
        await scene.RevokeAsync(account);
        return await scene.IsAnyAcceptedAsync(cookie, requests: 4);
    }
}
