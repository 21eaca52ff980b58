using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>What a farm does whose Redis loses everything while all of its processes continue.</summary>
internal static class FlushChecks
{
    // Two renewals and some time.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(3);

    /// <summary>No session was ever revoked: that Redis lost the sessions must be noticed all the same.</summary>
    public static async Task NewFarmAsync(AppScene scene, Verdicts verdicts)
    {
        var browser = await KnownAsync(scene);
        await scene.Redis.SayAsync("FLUSHALL");
        await Task.Delay(Noticed);
        foreach (var node in scene.Nodes)
            if ((await node.LookAsync(browser.Session)).Answer == Answer.Accepted)
                verdicts.Violation(
                    $"a new farm: node {node.Name} accepts a session that Redis lost {Noticed.TotalSeconds} s ago");
    }

    /// <summary>The keys that protect cookies are lost, too, and a restarted node knows none of them.</summary>
    public static async Task KeyRingAsync(AppScene scene, Verdicts verdicts)
    {
        await scene.Redis.SayAsync("FLUSHALL");
        scene.A.Process.Kill();
        scene.A.Restart();
        await Wait.ForAsync(scene.A.IsReadyAsync, "the restarted node is ready");
        foreach (var node in scene.Nodes)
        {
            var browser = scene.NewBrowser();
            await Wait.ForAsync(async () =>
            {
                await AppScene.SignInAdminAsync(browser, node);
                return true;
            }, $"node {node.Name} signs in");
            foreach (var other in scene.Nodes)
                await Wait.ForAsync(async () =>
                {
                    var answer = (await other.LookAsync(browser.Session)).Answer;
                    if (answer == Answer.Refused)
                        verdicts.EndedWithoutReason(
                            $"Redis lost the key ring: node {other.Name} refuses a new session of node {node.Name}");
                    return answer != Answer.Unavailable;
                }, $"node {other.Name} answers");
        }
    }

    private static async Task<Browser> KnownAsync(AppScene scene)
    {
        var browser = scene.NewBrowser();
        await AppScene.SignInAdminAsync(browser, scene.A);
        foreach (var node in scene.Nodes)
            for (var i = 0; i < 2; i++)
                await Wait.ForAsync(
                    async () => (await node.LookAsync(browser.Session)).Answer == Answer.Accepted,
                    $"node {node.Name} accepts the session");
        return browser;
    }
}
