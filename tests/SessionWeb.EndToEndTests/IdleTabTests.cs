using System.Globalization;

namespace SessionWeb.EndToEndTests;

/// <summary>Idle tabs receive the events of their session through nginx and any node.</summary>
[Collection<FarmGroup>]
public sealed class IdleTabTests(Browser browser, Farm farm, ITestOutputHelper output)
{
    private const int Rounds = 6;

    // The nodes compile code in their first rounds.
    private const int WarmUpRounds = 2;

    // Milliseconds since the click: navigation start, response end, DOM ready, page loaded. Both browsers run on this
    // machine and share its clock.
    private const string TimingScript = """
        clicked => {
          const page = performance.getEntriesByType('navigation')[0];
          return [0, page.responseEnd, page.domContentLoadedEventEnd, page.loadEventEnd]
            .map(time => performance.timeOrigin + time - clicked);
        }
        """;

    [Fact]
    public async Task R40_Idle_tab_shows_why_its_session_was_revoked()
    {
        await using var admin = await browser.SignInAsync(farm.Url, TestUsers.Admin);
        var sessions = new AdminSessionsPage(admin.Page);
        var timings = new List<double[]>();
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
            await new ConnectedTab(alice.Page).OpenAsync("/");
            var handle = await new StartPage(alice.Page).HandleAsync();
            await sessions.OpenAsync();
            await admin.Page.EvaluateAsync(
                "addEventListener('click', "
                + "() => { sessionStorage.clicked = performance.timeOrigin + performance.now(); }, true)");

            var redirected = alice.Page.WaitForURLAsync("**/account/signed-out?reason=revoked-by-admin");
            await sessions.RevokeAsync(handle);
            await redirected;
            await new SignedOutPage(alice.Page).ExpectAsync("revoked-by-admin", "An administrator signed you out.");
            await sessions.ExpectAcknowledgedAsync();

            var clicked = double.Parse(
                await admin.Page.EvaluateAsync<string>("sessionStorage.clicked"), CultureInfo.InvariantCulture);
            timings.Add(await alice.Page.EvaluateAsync<double[]>(TimingScript, clicked));
        }

        double Percentile(int step, int percent) => timings
            .Skip(WarmUpRounds).Select(times => times[step]).Order().ElementAt((Rounds * percent / 100) - 1);
        output.WriteLine($"From the click on Revoke to the loaded signed-out page of the other browser: "
            + $"median {Percentile(3, 50):0} ms, p95 {Percentile(3, 95):0} ms "
            + $"({Rounds} rounds after {WarmUpRounds} warm-up rounds).");
        output.WriteLine($"Medians of the steps: navigation start {Percentile(0, 50):0} ms, "
            + $"response end {Percentile(1, 50):0} ms, DOM ready {Percentile(2, 50):0} ms.");
    }

    [Fact]
    public async Task Tab_reconnects_to_another_node_when_its_node_stops()
    {
        await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
        await using var admin = await browser.SignInAsync(farm.Url, TestUsers.Admin);
        await new ConnectedTab(alice.Page).OpenAsync("/");
        var handle = await new StartPage(alice.Page).HandleAsync();

        foreach (var node in farm.Nodes.Keys)
        {
            await farm.StopAsync(node);
            await farm.StartAsync(node);
        }
        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeAsync(handle);
        await new SignedOutPage(alice.Page).ExpectRedirectAsync("revoked-by-admin", "An administrator signed you out.");
    }
}
