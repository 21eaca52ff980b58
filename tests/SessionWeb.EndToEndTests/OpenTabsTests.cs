using System.Globalization;

namespace SessionWeb.EndToEndTests;

/// <summary>Tabs that do nothing hear of what becomes of their session, through nginx and whichever node.</summary>
[Collection<OnFarm>]
public sealed class OpenTabsTests(Browser browser, Farm farm, ITestOutputHelper output)
{
    private const int Rounds = 20;

    // Nodes compile what they do for the first time.
    private const int WarmUp = 4;

    // In milliseconds since the click: the other page leaves, has the answer, is read, and is loaded. Both browsers are on this machine, so
    // their clocks are one.
    private const string Parts = """
        clicked => {
          const page = performance.getEntriesByType('navigation')[0];
          return [0, page.responseEnd, page.domContentLoadedEventEnd, page.loadEventEnd].map(time => performance.timeOrigin + time - clicked);
        }
        """;

    [Fact]
    public async Task R40_Idle_tab_shows_why_an_administrator_ended_its_session()
    {
        await using var admin = await browser.SignInAsync(farm.Url, TestUsers.Admin);
        var sessions = new AdminSessionsPage(admin.Page);
        var rounds = new List<double[]>();
        for (var i = 0; i < WarmUp + Rounds; i++)
        {
            await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
            await new OpenTab(alice.Page).OpenAsync("/");
            var handle = await new StartPage(alice.Page).HandleAsync();
            await sessions.OpenAsync();
            await admin.Page.EvaluateAsync("addEventListener('click', () => { sessionStorage.clicked = performance.timeOrigin + performance.now(); }, true)");

            var shown = alice.Page.WaitForURLAsync("**/account/signed-out?reason=revoked-by-admin");
            await sessions.RevokeAsync(handle);
            await shown;
            await new SignedOutPage(alice.Page).ExpectAsync("revoked-by-admin", "An administrator signed you out.");
            await sessions.ExpectConfirmedAsync();

            var clicked = double.Parse(await admin.Page.EvaluateAsync<string>("sessionStorage.clicked"), CultureInfo.InvariantCulture);
            rounds.Add(await alice.Page.EvaluateAsync<double[]>(Parts, clicked));
        }

        double Share(int part, int percent) => rounds.Skip(WarmUp).Select(times => times[part]).Order().ElementAt((Rounds * percent / 100) - 1);
        output.WriteLine($"From the click on revoke until the other browser has loaded the page that says why, {Rounds} rounds after {WarmUp} more: "
            + $"median {Share(3, 50):0} ms, p95 {Share(3, 95):0} ms.");
        output.WriteLine($"Medians of the way there: its page leaves after {Share(0, 50):0} ms, has the answer after {Share(1, 50):0} ms and is read "
            + $"after {Share(2, 50):0} ms.");
    }

    [Fact]
    public async Task Tab_comes_back_to_another_node_when_its_own_stops()
    {
        await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
        await using var admin = await browser.SignInAsync(farm.Url, TestUsers.Admin);
        await new OpenTab(alice.Page).OpenAsync("/");
        var handle = await new StartPage(alice.Page).HandleAsync();

        foreach (var node in farm.Nodes.Keys)
        {
            await farm.StopAsync(node);
            await farm.StartAsync(node);
        }
        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeAsync(handle);
        await new SignedOutPage(alice.Page).ExpectByItselfAsync("revoked-by-admin", "An administrator signed you out.");
    }
}
