[assembly: AssemblyFixture(typeof(Browser))]

namespace SessionWeb.EndToEndTests.Browsing;

/// <summary>Debian's chromium, one for all tests; each visit has its own cookies.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // A condition is awaited, not a time: long enough for a machine that has other things to do.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async Task<Visit> VisitAsync(Uri site, Action<BrowserNewContextOptions>? with = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            IgnoreHTTPSErrors = true,
            Locale = "en-US",
            ReducedMotion = ReducedMotion.Reduce,
        };
        with?.Invoke(options);
        return await Visit.StartAsync(await _browser!.NewContextAsync(options));
    }

    /// <summary>A visit that has signed in and sees the start page.</summary>
    public async Task<Visit> SignInAsync(Uri site, TestUser account, Action<BrowserNewContextOptions>? with = null, bool rememberMe = false)
    {
        var visit = await VisitAsync(site, with);
        await new SignInPage(visit.Page).SignInAsync(account, rememberMe);
        await new StartPage(visit.Page).ExpectSignedInAsync(account);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
