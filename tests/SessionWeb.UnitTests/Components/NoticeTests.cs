using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class NoticeTests : BunitContext
{
    private IRenderedComponent<Notice> Show(string? text, string kind) =>
        Render<Notice>(p => p.Add(c => c.Text, text).Add(c => c.Kind, kind));

    [Theory]
    [InlineData("success", "status")]
    [InlineData("info", "status")]
    [InlineData("error", "alert")]
    public void Kind_selects_the_aria_role(string kind, string role) =>
        Show("Saved.", kind).MarkupMatches($"""<div class="notice notice-{kind}" role="{role}">Saved.</div>""");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Missing_text_renders_nothing(string? text) => Assert.Equal("", Show(text, "success").Markup.Trim());

    [Fact]
    public void Text_and_kind_are_encoded()
    {
        var notice = Show("<script>alert(1)</script>", "\"><script>");

        Assert.Empty(notice.FindAll("script"));
        Assert.Equal("<script>alert(1)</script>", notice.Find(".notice").TextContent);
    }
}
