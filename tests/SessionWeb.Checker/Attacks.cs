namespace SessionWeb.Checker;

/// <summary>An attack on a rule of the protocol.</summary>
/// <param name="Rule">The rule without which it should succeed.</param>
/// <param name="RunAsync">Makes it; whether it succeeded.</param>
/// <param name="Tries">How often it is made at most, since some must hit a moment.</param>
/// <param name="DawdleMs">How long nodes dawdle at most where the order of steps matters, so that the moment is longer.</param>
/// <param name="LeaseMs">How long leases are.</param>
internal sealed record Attack(string Rule, Func<Scene, Task<bool>> RunAsync, int Tries, int DawdleMs = 0, int LeaseMs = 1000);

/// <summary>
/// For each rule of the protocol the circumstances in which it matters, brought about on purpose. Each tells whether node B accepted a
/// request that began after the revocation of its session was acknowledged.
/// </summary>
internal static class Attacks
{
    public static readonly IReadOnlyList<Attack> All =
    [
        new("Lease", CutOffAsync, Tries: 2),
        new("Wait", LateNewsAsync, Tries: 2),
        new("Incarnation", RestartAsync, Tries: 2),
        new("DurableIntents", ResurrectionAsync, Tries: 2),
        new("LeaseFromSending", LateRenewalAsync, Tries: 12),
        new("FillToken", ReadingMeanwhileAsync, Tries: 300, DawdleMs: 120),
        new("ApplyBeforeAck", AtOnceAsync, Tries: 100, DawdleMs: 120),
        new("LeaseBeforeLookup", SleeperAsync, Tries: 40, DawdleMs: 120),
        new("LeaseAfterApply", SleeperAsync, Tries: 40, DawdleMs: 120),
        // Longer, for a connection must come back while the lease lasts.
        new("Tombstones", ResurrectionUnheardAsync, Tries: 10, LeaseMs: 4000),
    ];

    /// <summary>B cannot hear of it.</summary>
    private static async Task<bool> CutOffAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        scene.B.Proxy.IsMute = true;
        return await EndAsync(scene, name) && await scene.B.AskAsync(cookie) == Answer.Accepted;
    }

    /// <summary>B hears of it late.</summary>
    private static async Task<bool> LateNewsAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        scene.B.Proxy.Delay = 300;
        return await EndAsync(scene, name) && await scene.B.AskAsync(cookie) == Answer.Accepted;
    }

    /// <summary>B has just read the session when it is revoked, and goes to remember it.</summary>
    private static async Task<bool> ReadingMeanwhileAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync(knownToAll: false);
        var reading = scene.B.AskAsync(cookie);
        await Task.Delay(Random.Shared.Next(2, 15));
        var ended = await EndAsync(scene, name);
        await reading;
        return ended && await scene.B.AskAsync(cookie) == Answer.Accepted;
    }

    /// <summary>B is asked as soon as the answer is there.</summary>
    private static async Task<bool> AtOnceAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        return await EndAsync(scene, name) && await scene.B.AskAsync(cookie) == Answer.Accepted;
    }

    /// <summary>B sleeps through it, and is asked in the moment in which it wakes.</summary>
    private static async Task<bool> SleeperAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        scene.B.Process.Freeze();
        var ended = await EndAsync(scene, name);
        var asked = Enumerable.Range(0, 30).Select(_ => scene.B.AskAsync(cookie)).ToList();
        scene.B.Process.Thaw();
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(5);
            asked.Add(scene.B.AskAsync(cookie));
        }
        return (await Task.WhenAll(asked)).Contains(Answer.Accepted) && ended;
    }

    /// <summary>B's renewals are answered late, and then no more.</summary>
    private static async Task<bool> LateRenewalAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        scene.B.Proxy.Delay = 900;
        await Task.Delay(scene.Lease * 2.5);
        scene.B.Proxy.IsDeaf = true;
        return await EndAsync(scene, name) && await AnyAcceptedAsync(scene.B, cookie, 4);
    }

    /// <summary>Redis is restarted with what it had; the log goes on.</summary>
    private static async Task<bool> RestartAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        await EndAsync(scene, (await scene.SignInAsync()).Name);
        await scene.Redis.SaveAsync();
        await EndAsync(scene, (await scene.SignInAsync()).Name);
        scene.Redis.Kill();
        await scene.Redis.StartAsync();
        return await EndAsync(scene, name) && await AnyAcceptedAsync(scene.B, cookie, 4);
    }

    /// <summary>Redis loses the revocation, and B has not known it itself.</summary>
    private static async Task<bool> ResurrectionAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        await scene.Redis.SaveAsync();
        var ended = await EndAsync(scene, name);
        scene.Redis.Kill();
        await scene.Redis.StartAsync();
        scene.B.Process.Kill();
        scene.B.Start();
        await scene.B.ReadyAsync();
        return ended && await KnownAsync(scene.B, cookie) == Answer.Accepted;
    }

    /// <summary>Redis loses the revocation, and nobody has noticed yet.</summary>
    private static async Task<bool> ResurrectionUnheardAsync(Scene scene)
    {
        var (name, cookie) = await scene.SignInAsync();
        await scene.Redis.SaveAsync();
        var ended = await EndAsync(scene, name);
        scene.A.Process.Freeze();
        scene.B.Proxy.IsDeafToLog = true;
        scene.Redis.Kill();
        await scene.Redis.StartAsync();
        var accepted = false;
        for (var since = Environment.TickCount64; !accepted && Environment.TickCount64 - since < scene.Lease.TotalMilliseconds; await Task.Delay(10))
            accepted = await scene.B.AskAsync(cookie) == Answer.Accepted;
        scene.A.Process.Thaw();
        return ended && accepted;
    }

    private static async Task<bool> EndAsync(Scene scene, string name)
    {
        var ended = false;
        await Wait.ForAsync(async () => ended = await scene.A.EndAsync(name, generation: 1) == Outcome.Acknowledged, "the revocation is acknowledged");
        return ended;
    }

    private static async Task<bool> AnyAcceptedAsync(NodeProcess node, string cookie, int count) =>
        (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => node.AskAsync(cookie)))).Contains(Answer.Accepted);

    private static async Task<Answer> KnownAsync(NodeProcess node, string cookie)
    {
        var answer = Answer.Unavailable;
        await Wait.ForAsync(async () => (answer = await node.AskAsync(cookie)) != Answer.Unavailable, "the node knows");
        return answer;
    }
}
