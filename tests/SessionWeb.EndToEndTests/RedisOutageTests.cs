namespace SessionWeb.EndToEndTests;

[Collection<FarmGroup>]
public sealed class RedisOutageTests(Browser browser, Farm farm)
{
    [Fact]
    public async Task Page_reports_a_Redis_outage_and_keeps_the_cookie()
    {
        await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
        var cookie = (await alice.SessionCookieAsync())!.Value;

        await farm.StopAsync("redis");
        try
        {
            var navigation = await alice.Page.RunAndWaitForResponseAsync(
                () => new PageLayout(alice.Page).GoToDevicesAsync(), response => response.Request.IsNavigationRequest);
            Assert.Equal(503, navigation.Status);
            await new PageLayout(alice.Page).ExpectTitleAsync("Temporarily unavailable");
            await Expect(alice.Page.Locator("main")).ToContainTextAsync("You have not been signed out");
            Assert.Equal(cookie, (await alice.SessionCookieAsync())?.Value);
        }
        finally
        {
            await farm.StartAsync("redis");
        }

        await Wait.UntilAsync(async () =>
        {
            var navigation = await alice.Page.RunAndWaitForResponseAsync(
                () => alice.Page.GetByText("Try again", new() { Exact = true }).ClickAsync(),
                response => response.Request.IsNavigationRequest);
            return navigation.Status != 503;
        }, () => $"the page works again after Redis is available:\n{farm.Output}", TimeSpan.FromSeconds(30));
        await new PageLayout(alice.Page).ExpectTitleAsync("Your devices");
    }
}
