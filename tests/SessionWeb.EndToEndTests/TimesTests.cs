using System.Globalization;

namespace SessionWeb.EndToEndTests;

[Collection<OnEmbeddedApp>]
public sealed class TimesTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Times_are_relative_with_the_readers_own_clock_in_the_title()
    {
        // The sign of these zones is turned round: this one is 13 hours ahead.
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice, with => with.TimezoneId = "Etc/GMT-13");
        var time = new StartPage(alice.Page).SignedInAt;
        await Expect(time).ToHaveTextAsync("now");

        var at = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(13));
        var title = await time.GetAttributeAsync("title");
        Assert.Contains(at.ToString("MMM d, yyyy", CultureInfo.InvariantCulture), title, StringComparison.Ordinal);
        Assert.Contains(at.ToString("h:mm:ss", CultureInfo.InvariantCulture), title, StringComparison.Ordinal);

        await alice.Page.Clock.SetFixedTimeAsync(at.AddHours(2).UtcDateTime);
        await alice.Page.ReloadAsync();
        await Expect(time).ToHaveTextAsync("2 hours ago");
    }
}
