namespace SessionWeb.EndToEndTests.Browsing;

public sealed class BrowserTests(Browser browser)
{
    private static readonly Uri Site = new("http://localhost");

    [Theory]
    [InlineData("<p style='color: red'>inline style</p>")]
    [InlineData("<script>document.title = 'inline script'</script>")]
    [InlineData("<img src='http://elsewhere.test/picture.png'>")]
    public async Task Policy_violation_is_reported_as_a_problem(string html)
    {
        await using var visit = await OpenAsync(html);

        Assert.Contains(
            visit.Problems, problem => problem.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_within_its_policy_reports_no_problem()
    {
        await using var visit = await OpenAsync("<p>valid</p>");

        visit.AssertNoProblems();
    }

    private async Task<Visit> OpenAsync(string html)
    {
        var visit = await browser.VisitAsync(Site);
        await visit.Page.RouteAsync("**", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = "default-src 'self'" },
            Body = $"<!doctype html><title>A page</title>{html}",
        }));
        await visit.Page.GotoAsync("/");
        return visit;
    }
}
