using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class BadgeTests : BunitContext
{
    [Fact]
    public void Badge_is_neutral_by_default()
    {
        Render<Badge>(p => p.Add(c => c.Text, "admin"))
            .MarkupMatches("""<span class="badge badge-neutral">admin</span>""");
        Render<Badge>(p => p.Add(c => c.Text, "this device").Add(c => c.Kind, "accent"))
            .MarkupMatches("""<span class="badge badge-accent">this device</span>""");
    }

    [Fact]
    public void Text_and_kind_are_encoded()
    {
        var badge = Render<Badge>(p => p.Add(c => c.Text, "<script>").Add(c => c.Kind, "\"><script>"));

        Assert.Empty(badge.FindAll("script"));
        Assert.Equal("<script>", badge.Find(".badge").TextContent);
    }
}
