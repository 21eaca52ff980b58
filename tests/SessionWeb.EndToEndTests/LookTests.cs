using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace SessionWeb.EndToEndTests;

/// <summary>
/// Every page, light on a desk and dark on a phone: no error in the console, no breach of the content security policy, nothing that
/// hinders people with a screen reader, nothing to scroll sideways.
/// </summary>
[Collection<OnEmbeddedApp>]
public sealed class LookTests(Browser browser, SharedEmbeddedApp app)
{
    private const string SignedOut = "/account/signed-out?reason=";

    private static readonly (ColorScheme Colours, int Width, int Height)[] Looks = [(ColorScheme.Light, 1280, 800), (ColorScheme.Dark, 375, 740)];

    private static readonly AxeRunOptions OnlyViolations = new() { ResultTypes = [ResultType.Violations] };

    private readonly List<string> _findings = [];

    [Fact]
    public async Task Pages_of_strangers_are_sound()
    {
        await using var visit = await browser.VisitAsync(app.Url);
        await OpenAsync(visit, "/", "/account/login", "/setup?token=none", "/nowhere", "/error/503", "/account/register",
            SignedOut + "signed-out", SignedOut + "replaced");

        await new SignInPage(visit.Page).OpenAsync();
        await new SignInPage(visit.Page).SubmitAsync("nobody", "nothing");
        await Assertions.Expect(visit.Page.Locator(".validation-summary-errors")).ToBeVisibleAsync();
        await LookAsync(visit, "sign-in refused");
        Assert.Empty(_findings);
    }

    [Fact]
    public async Task Pages_of_people_are_sound()
    {
        await using var other = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await OpenAsync(visit, "/", "/account/sessions", "/account/password", "/account/profile", "/account/two-factor", "/account/logout", "/admin/sessions");

        await new PasswordPage(visit.Page).OpenAsync();
        await new PasswordPage(visit.Page).ChangeAsync("wrong", "short", "else");
        await Assertions.Expect(visit.Page.Locator(".field-validation-error")).ToHaveCountAsync(1);
        await LookAsync(visit, "password with errors");

        await new DevicesPage(visit.Page).OpenAsync();
        await new DevicesPage(visit.Page).RevokeAsync(await new StartPage(other.Page).HandleAsync());
        await new Frame(visit.Page).ExpectNoticeAsync("The device was signed out.");
        await LookAsync(visit, "devices with a notice");
        Assert.Empty(_findings);
    }

    [Fact]
    public async Task Pages_of_administrators_are_sound()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Admin);
        await OpenAsync(visit, "/", "/admin/sessions", "/admin/sessions?q=ali", "/admin/sessions?q=nobody-of-this-name",
            "/admin/sessions?device=e&persistent=no&sort=name", "/admin/accounts", "/admin/audit", "/admin/nodes");
        Assert.Empty(_findings);
    }

    /// <summary>As a proxy with TLS would show them: production says nothing over plain http.</summary>
    [Fact]
    public async Task Pages_of_a_fresh_site_in_production_are_sound()
    {
        await using var fresh = new EmbeddedApp
        {
            Settings =
            {
                ["environment"] = "Production",
                ["Accounts:Registration"] = "true",
                ["ForwardedHeaders:KnownProxies"] = "127.0.0.1,::1",
            },
        };
        await fresh.StartAsync();
        await Eventually.TrueAsync(() => fresh.Output.Contains("/setup?token=", StringComparison.Ordinal), () => $"no setup link in\n{fresh.Output}");
        var link = fresh.Output.Split('\n', ' ').First(word => word.Contains("/setup?token=", StringComparison.Ordinal));

        await using var visit = await browser.VisitAsync(fresh.Url, with => with.ExtraHTTPHeaders = [new("X-Forwarded-Proto", "https")]);
        await OpenAsync(visit, link[link.IndexOf("/setup", StringComparison.Ordinal)..], "/account/register", "/account/login");
        Assert.Empty(_findings);
    }

    private async Task OpenAsync(Visit visit, params string[] paths)
    {
        foreach (var path in paths)
            await LookAsync(visit, path, (await visit.Page.GotoAsync(path))!.Status);
    }

    private async Task LookAsync(Visit visit, string what, int status = 200)
    {
        foreach (var (colours, width, height) in Looks)
        {
            await visit.Page.EmulateMediaAsync(new() { ColorScheme = colours });
            await visit.Page.SetViewportSizeAsync(width, height);
            await LookAsync(visit.Page, $"{what}, {colours}, {width} px");
        }
        // A page that is answered 404 counts as an error in the console; anything else there is one of ours.
        _findings.AddRange(visit.TakeProblems().Where(problem => status < 400 || !problem.Contains($"status of {status}", StringComparison.Ordinal))
            .Select(problem => $"{what}: {problem}"));
    }

    private async Task LookAsync(IPage page, string what)
    {
        var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (sideways > 0)
            _findings.Add($"{what}: {sideways} px to scroll sideways");
        var axe = await page.RunAxe(OnlyViolations);
        _findings.AddRange(axe.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation =>
            $"{what}: {violation.Id}: {violation.Help} ({string.Join("; ", violation.Nodes.Select(node => node.Html))})"));
    }
}
