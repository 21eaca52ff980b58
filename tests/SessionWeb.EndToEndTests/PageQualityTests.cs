using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace SessionWeb.EndToEndTests;

/// <summary>
/// Every page, in light on a desktop and in dark on a phone, has no console error, no violation of the content security
/// policy, no serious accessibility problem and no horizontal scrolling.
/// </summary>
[Collection<PageQualityGroup>]
public sealed class PageQualityTests(Browser browser, SharedEmbeddedApp app)
{
    private const string SignedOut = "/account/signed-out?reason=";

    private static readonly (ColorScheme Colors, int Width, int Height)[] Viewports =
        [(ColorScheme.Light, 1280, 800), (ColorScheme.Dark, 375, 740)];

    private static readonly AxeRunOptions OnlyViolations = new() { ResultTypes = [ResultType.Violations] };

    private readonly List<string> _findings = [];

    [Fact]
    public async Task Anonymous_pages_pass_all_checks()
    {
        await using var visit = await browser.VisitAsync(app.Url);
        await OpenAsync(
            visit, "/", "/account/login", "/setup?token=none", "/unknown", "/error/503", "/account/register",
            SignedOut + "signed-out", SignedOut + "replaced");

        await new SignInPage(visit.Page).OpenAsync();
        await new SignInPage(visit.Page).SubmitAsync("unknown-user", "wrong password");
        await Assertions.Expect(visit.Page.Locator(".validation-summary-errors")).ToBeVisibleAsync();
        await CheckAsync(visit, "sign-in refused");
        Assert.Empty(_findings);
    }

    [Fact]
    public async Task User_pages_pass_all_checks()
    {
        await using var other = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await OpenAsync(
            visit, "/", "/account/sessions", "/account/password", "/account/profile", "/account/two-factor",
            "/account/logout", "/admin/sessions");

        await new PasswordPage(visit.Page).OpenAsync();
        await new PasswordPage(visit.Page).ChangeAsync("wrong", "short", "else");
        await Assertions.Expect(visit.Page.Locator(".field-validation-error")).ToHaveCountAsync(1);
        await CheckAsync(visit, "password with errors");

        await new DevicesPage(visit.Page).OpenAsync();
        await new DevicesPage(visit.Page).RevokeAsync(await new StartPage(other.Page).HandleAsync());
        await new PageLayout(visit.Page).ExpectNoticeAsync("The device was signed out.");
        await CheckAsync(visit, "devices with a notice");
        Assert.Empty(_findings);
    }

    [Fact]
    public async Task Administrator_pages_pass_all_checks()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Admin);
        await OpenAsync(
            visit, "/", "/admin/sessions", "/admin/sessions?q=ali", "/admin/sessions?q=unknown-name",
            "/admin/sessions?device=e&persistent=no&sort=name", "/admin/accounts", "/admin/audit", "/admin/nodes");
        Assert.Empty(_findings);
    }

    /// <summary>Simulates a TLS proxy, because Production only redirects over plain HTTP.</summary>
    [Fact]
    public async Task Production_setup_pages_pass_all_checks()
    {
        await using var newSite = new EmbeddedApp
        {
            Settings =
            {
                ["environment"] = "Production",
                ["Accounts:Registration"] = "true",
                ["ForwardedHeaders:KnownProxies"] = "127.0.0.1,::1",
            },
        };
        await newSite.StartAsync();
        await Wait.UntilAsync(
            () => newSite.Output.Contains("/setup?token=", StringComparison.Ordinal),
            () => $"a setup link in\n{newSite.Output}");
        var link = newSite.Output.Split('\n', ' ')
            .First(word => word.Contains("/setup?token=", StringComparison.Ordinal));

        await using var visit = await browser.VisitAsync(
            newSite.Url, options => options.ExtraHTTPHeaders = [new("X-Forwarded-Proto", "https")]);
        await OpenAsync(
            visit, link[link.IndexOf("/setup", StringComparison.Ordinal)..], "/account/register", "/account/login");
        Assert.Empty(_findings);
    }

    private async Task OpenAsync(Visit visit, params string[] paths)
    {
        foreach (var path in paths)
            await CheckAsync(visit, path, (await visit.Page.GotoAsync(path))!.Status);
    }

    private async Task CheckAsync(Visit visit, string name, int status = 200)
    {
        foreach (var (colors, width, height) in Viewports)
        {
            await visit.Page.EmulateMediaAsync(new() { ColorScheme = colors });
            await visit.Page.SetViewportSizeAsync(width, height);
            await CheckAsync(visit.Page, $"{name}, {colors}, {width} px");
        }
        // The console reports an expected error status too. Every other problem is a finding.
        _findings.AddRange(visit.TakeProblems()
            .Where(problem => status < 400 || !problem.Contains($"status of {status}", StringComparison.Ordinal))
            .Select(problem => $"{name}: {problem}"));
    }

    private async Task CheckAsync(IPage page, string name)
    {
        var overflow = await page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0)
            _findings.Add($"{name}: {overflow} px of horizontal scrolling");
        var axe = await page.RunAxe(OnlyViolations);
        _findings.AddRange(axe.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{name}: {violation.Id}: {violation.Help} "
                + $"({string.Join("; ", violation.Nodes.Select(node => node.Html))})"));
    }
}
