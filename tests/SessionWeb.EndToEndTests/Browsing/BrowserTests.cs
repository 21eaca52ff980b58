namespace SessionWeb.EndToEndTests.Browsing;

public sealed class BrowserTests(Browser browser)
{
    private static readonly Uri Site = new("http://localhost");

    [Theory]
    [InlineData("<p style='color: red'>inline style</p>")]
    [InlineData("<script>document.title = 'inline script'</script>")]
    [InlineData("<img src='http://elsewhere.test/picture.png'>")]
    public async Task Page_that_breaks_its_content_security_policy_is_a_problem(string html)
    {
        await using var visit = await OpenAsync(html);

        Assert.Contains(visit.Problems, problem => problem.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_that_keeps_its_content_security_policy_is_none()
    {
        await using var visit = await OpenAsync("<p>all well</p>");

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
