using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Actions;

/// <summary>A second administrator revokes a session while the first one's revocation of it is in progress.</summary>
internal static class ConcurrentRevocation
{
    /// <returns>The reply to the second administrator.</returns>
    public static async Task<ActionReply> PerformAsync(
        AppFarm farm, AppNode node, TestAccount account, FaultInjector faults)
    {
        var firstAdmin = await farm.NewAdminAsync();
        var recorded = farm.Database.CountRevocations(account.AccountTag);
        var first = AdminActions.RevokeOtherSessionAsync(firstAdmin, node, account, new StartOf(faults));
        await Wait.UntilAsync(
            () => Task.FromResult(first.IsCompleted || farm.Database.CountRevocations(account.AccountTag) > recorded),
            "the first revocation is recorded");
        try
        {
            return await AdminActions.RevokeOtherSessionAsync(farm.Admin, node, account, new AnswerOf(faults));
        }
        finally
        {
            await first.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>The fault starts with the first revocation.</summary>
    private sealed class StartOf(FaultInjector faults) : FaultInjector
    {
        public override bool HasKilled => faults.HasKilled;

        public override void OnStarting(RedisProxy proxy, Action kill) => faults.OnStarting(proxy, kill);
    }

    /// <summary>The action is answered with the second revocation.</summary>
    private sealed class AnswerOf(FaultInjector faults) : FaultInjector
    {
        public override bool HasKilled => faults.HasKilled;

        public override void OnAnswered() => faults.OnAnswered();
    }
}
