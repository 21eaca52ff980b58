namespace SessionWeb.Checker.Gate;

/// <summary>Steps that attacks have in common.</summary>
internal static class AttackSteps
{
    /// <summary>Node A revokes the account's sessions. The attack continues when the revocation is acknowledged.</summary>
    public static Task RevokeAsync(this Scene scene, string account) => Wait.ForAsync(
        async () => await scene.A.EndAsync(account, generation: 1) == Outcome.Acknowledged,
        "the revocation is acknowledged");

    /// <summary>Whether node B accepts the session now.</summary>
    public static async Task<bool> IsAcceptedAsync(this Scene scene, string cookie) =>
        await scene.B.AskAsync(cookie) == Answer.Accepted;

    /// <summary>Whether node B accepts at least one of several simultaneous requests.</summary>
    public static async Task<bool> IsAnyAcceptedAsync(this Scene scene, string cookie, int requests) =>
        (await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => scene.B.AskAsync(cookie))))
            .Contains(Answer.Accepted);
}
