[assembly: AssemblyFixture(typeof(Browser))]

namespace SessionWeb.EndToEndTests.Browsing;

/// <summary>Debian's Chromium, shared by all tests. Each visit has its own cookies.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // Assertions wait for a condition, so this limit only allows for a busy machine.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async Task<Visit> VisitAsync(Uri site, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            IgnoreHTTPSErrors = true,
            Locale = "en-US",
            ReducedMotion = ReducedMotion.Reduce,
        };
        configure?.Invoke(options);
        return await Visit.StartAsync(await _browser!.NewContextAsync(options));
    }

    /// <summary>Returns a visit that is signed in and shows the start page.</summary>
    public async Task<Visit> SignInAsync(
        Uri site, TestUser account, Action<BrowserNewContextOptions>? configure = null, bool rememberMe = false)
    {
        var visit = await VisitAsync(site, configure);
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
