namespace SessionWeb.EndToEndTests;

[Collection<OnFarm>]
public sealed class RedisDownTests(Browser browser, Farm farm)
{
    [Fact]
    public async Task Page_says_that_Redis_is_gone_keeps_the_cookie_and_works_again_when_it_is_back()
    {
        await using var alice = await browser.SignInAsync(farm.Url, TestUsers.Alice);
        var cookie = (await alice.SessionCookieAsync())!.Value;

        await farm.StopAsync("redis");
        try
        {
            var answer = await alice.Page.RunAndWaitForResponseAsync(
                () => new Frame(alice.Page).GoToDevicesAsync(), response => response.Request.IsNavigationRequest);
            Assert.Equal(503, answer.Status);
            await new Frame(alice.Page).ExpectTitleAsync("Temporarily unavailable");
            await Expect(alice.Page.Locator("main")).ToContainTextAsync("You have not been signed out");
            Assert.Equal(cookie, (await alice.SessionCookieAsync())?.Value);
        }
        finally
        {
            await farm.StartAsync("redis");
        }

        await Eventually.TrueAsync(async () =>
        {
            var answer = await alice.Page.RunAndWaitForResponseAsync(
                () => alice.Page.GetByText("Try again", new() { Exact = true }).ClickAsync(), response => response.Request.IsNavigationRequest);
            return answer.Status != 503;
        }, () => $"still the 503 page after Redis is back:\n{farm.Output}", TimeSpan.FromSeconds(30));
        await new Frame(alice.Page).ExpectTitleAsync("Your devices");
    }
}
