using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class BadgeTests : BunitContext
{
    [Fact]
    public void A_badge_is_neutral_unless_told_otherwise()
    {
        Render<Badge>(p => p.Add(c => c.Text, "admin"))
            .MarkupMatches("""<span class="badge badge-neutral">admin</span>""");
        Render<Badge>(p => p.Add(c => c.Text, "this device").Add(c => c.Kind, "accent"))
            .MarkupMatches("""<span class="badge badge-accent">this device</span>""");
    }

    [Fact]
    public void A_text_and_a_kind_never_become_markup()
    {
        var badge = Render<Badge>(p => p.Add(c => c.Text, "<script>").Add(c => c.Kind, "\"><script>"));

        Assert.Empty(badge.FindAll("script"));
        Assert.Equal("<script>", badge.Find(".badge").TextContent);
    }
}
