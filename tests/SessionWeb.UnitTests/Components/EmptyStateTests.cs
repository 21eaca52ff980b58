using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class EmptyStateTests : BunitContext
{
    private IRenderedComponent<EmptyState> Show(string title, string? text) =>
        Render<EmptyState>(p => p.Add(c => c.Title, title).Add(c => c.Text, text));

    [Fact]
    public void Title_and_text_are_shown() =>
        Show("No other devices", "They appear here.").MarkupMatches(
            """<div class="empty"><p class="empty-title">No other devices</p><p>They appear here.</p></div>""");

    [Fact]
    public void Missing_text_is_omitted() => Assert.Single(Show("No other devices", null).FindAll("p"));

    [Fact]
    public void Title_and_text_are_encoded()
    {
        var empty = Show("<script>1</script>", "<script>2</script>");

        Assert.Empty(empty.FindAll("script"));
        Assert.Equal(["<script>1</script>", "<script>2</script>"], empty.FindAll("p").Select(p => p.TextContent));
    }
}
