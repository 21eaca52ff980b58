using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class PagerTests : BunitContext
{
    private IRenderedComponent<Pager> Show(int page, bool hasNext, string url) =>
        Render<Pager>(p => p.Add(c => c.Page, page).Add(c => c.HasNext, hasNext).Add(c => c.Url, url));

    private string? Next(string url) => Show(1, true, url).Find("a[rel=next]").GetAttribute("href");

    [Fact]
    public void Single_page_has_no_pager() => Assert.Equal("", Show(1, false, "/admin/sessions").Markup.Trim());

    [Fact]
    public void Middle_page_links_to_both_neighbors() =>
        Show(3, true, "/admin/sessions").MarkupMatches(
            """
            <nav class="pager" aria-label="Pages">
              <a rel="prev" href="/admin/sessions?page=2">Previous</a>
              <span aria-current="page">Page 3</span>
              <a rel="next" href="/admin/sessions?page=4">Next</a>
            </nav>
            """);

    [Theory]
    [InlineData(1, true, "next")]
    [InlineData(2, false, "prev")]
    public void First_and_last_page_link_to_one_neighbor(int page, bool hasNext, string rel) =>
        Assert.Equal([rel], Show(page, hasNext, "/admin/sessions").FindAll("a").Select(a => a.GetAttribute("rel")));

    [Theory]
    [InlineData("/s?q=a%26b%20c", "/s?q=a%26b%20c&page=2")]
    [InlineData("/s?Page=7&q=x", "/s?q=x&page=2")]
    [InlineData("/s?role=a&role=b", "/s?role=a&role=b&page=2")]
    [InlineData("/s?page=1#top", "/s?page=2")]
    [InlineData("/s?", "/s?page=2")]
    [InlineData("", "?page=2")]
    public void Link_keeps_the_query_and_replaces_the_page(string url, string expected) =>
        Assert.Equal(expected, Next(url));

    [Fact]
    public void Query_is_encoded()
    {
        var pager = Show(1, true, "/s?q=\"><script>alert(1)</script>");

        Assert.Empty(pager.FindAll("script"));
        Assert.Equal("/s?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&page=2", pager.Find("a").GetAttribute("href"));
    }
}
