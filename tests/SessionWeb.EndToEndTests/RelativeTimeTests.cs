using System.Globalization;

namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class RelativeTimeTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Relative_time_has_the_local_time_in_its_title()
    {
        // The sign in these zone names is inverted. This one is UTC+13.
        await using var alice = await browser.SignInAsync(
            app.Url, TestUsers.Alice, options => options.TimezoneId = "Etc/GMT-13");
        var time = new StartPage(alice.Page).SignedInAt;
        await Expect(time).ToHaveTextAsync("now");

        var utc = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        var signedInAt = utc.ToOffset(TimeSpan.FromHours(13));
        var title = await time.GetAttributeAsync("title");
        Assert.Contains(
            signedInAt.ToString("MMM d, yyyy", CultureInfo.InvariantCulture), title, StringComparison.Ordinal);
        Assert.Contains(signedInAt.ToString("h:mm:ss", CultureInfo.InvariantCulture), title, StringComparison.Ordinal);

        await alice.Page.Clock.SetFixedTimeAsync(signedInAt.AddHours(2).UtcDateTime);
        await alice.Page.ReloadAsync();
        await Expect(time).ToHaveTextAsync("2 hours ago");
    }
}
