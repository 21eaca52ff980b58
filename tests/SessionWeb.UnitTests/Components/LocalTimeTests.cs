using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class LocalTimeTests : BunitContext
{
    [Fact]
    public void Time_is_rendered_in_utc()
    {
        var value = new DateTimeOffset(2026, 11, 21, 22, 34, 56, TimeSpan.FromHours(9.5));

        var time = Render<LocalTime>(p => p.Add(c => c.Value, value));

        time.MarkupMatches("""<time datetime="2026-11-21T13:04:56Z">2026-11-21 13:04 UTC</time>""");
    }
}
