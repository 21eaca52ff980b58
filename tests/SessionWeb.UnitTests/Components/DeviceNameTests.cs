using Bunit;
using SessionWeb.Components;

namespace SessionWeb.UnitTests.Components;

public sealed class DeviceNameTests : BunitContext
{
    private IRenderedComponent<DeviceName> Show(string device, string? address) =>
        Render<DeviceName>(p => p.Add(c => c.Device, device).Add(c => c.Address, address));

    [Fact]
    public void Device_is_emphasized_before_its_address() =>
        Show("Firefox on Windows", "203.0.113.9").MarkupMatches(
            """<span class="device"><strong>Firefox on Windows</strong> <small>203.0.113.9</small></span>""");

    [Fact]
    public void Unknown_address_is_omitted() => Assert.Empty(Show("Firefox on Windows", null).FindAll("small"));

    [Fact]
    public void Device_and_address_are_encoded()
    {
        var name = Show("<script>1</script>", "<script>2</script>");

        Assert.Empty(name.FindAll("script"));
        Assert.Equal("<script>1</script>", name.Find("strong").TextContent);
        Assert.Equal("<script>2</script>", name.Find("small").TextContent);
    }
}
