using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>Steps that attacks have in common.</summary>
internal static class AttackSteps
{
    /// <summary>Revokes the account's sessions at node A and waits for the acknowledgement.</summary>
    public static Task RevokeAsync(this LibraryFarm farm, string account) => Wait.UntilAsync(
        async () => await farm.A.RevokeAsync(account, generation: 1) == RevocationOutcome.Acknowledged,
        "the revocation is acknowledged");

    /// <summary>Whether node B accepts the session now.</summary>
    public static async Task<bool> IsAcceptedAsync(this LibraryFarm farm, string cookie) =>
        await farm.B.SendRequestAsync(cookie) == RequestOutcome.Accepted;

    /// <summary>Whether node B accepts at least one of several simultaneous requests.</summary>
    public static async Task<bool> IsAnyAcceptedAsync(this LibraryFarm farm, string cookie, int requests) =>
        (await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => farm.B.SendRequestAsync(cookie))))
            .Contains(RequestOutcome.Accepted);
}
