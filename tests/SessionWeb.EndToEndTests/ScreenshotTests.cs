using System.Buffers.Binary;

namespace SessionWeb.EndToEndTests;

/// <summary>Screenshots for the README. SESSIONWEB_PICTURES=1 saves them in docs/images.</summary>
public sealed class ScreenshotTests(Browser browser)
{
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
    private const string WebKit = "AppleWebKit/537.36 (KHTML, like Gecko)";
    private const string Firefox = $"{Windows} Gecko/20100101 Firefox/128.0";
    private const string Edge = $"{Windows} {WebKit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0";
    private const string Chrome = $"{Windows} {WebKit} Chrome/126.0.0.0 Safari/537.36";
    private const string Pixel =
        $"Mozilla/5.0 (Linux; Android 14; Pixel 8) {WebKit} Chrome/126.0.0.0 Mobile Safari/537.36";
    private const string Mac = $"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WebKit} Version/17.4 Safari/605.1.15";
    private const string IPhone =
        $"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WebKit} Version/17.5 Mobile/15E148 Safari/604.1";

    // Addresses reserved for documentation (RFC 5737, RFC 3849).
    private static readonly (string Name, string UserAgent, string Address)[] Sessions =
    [
        ("mira.okafor", Firefox, "198.51.100.23"),
        ("jonas.lindqvist", Mac, "203.0.113.8"),
        ("alice", IPhone, "192.0.2.77"),
        ("mira.okafor", Pixel, "2001:db8:4f2:10::a51c"),
        ("sofia.marques", Edge, "198.51.100.140"),
        ("bob", Chrome, "192.0.2.14"),
        ("alice", Mac, "203.0.113.61"),
    ];

    [Fact]
    public async Task Screenshots_show_online_sessions_and_devices()
    {
        await using var app = new EmbeddedApp { Settings = { ["ForwardedHeaders:KnownProxies"] = "127.0.0.1,::1" } };
        // The three demo accounts precede these.
        var newNames = Sessions.Select(session => session.Name)
            .Where(name => name.Contains('.', StringComparison.Ordinal))
            .Distinct();
        foreach (var (index, name) in newNames.Index())
        {
            app.Settings[FormattableString.Invariant($"Demo:Accounts:{index + 3}:UserName")] = name;
            app.Settings[FormattableString.Invariant($"Demo:Accounts:{index + 3}:Password")] = Account(name).Password;
        }
        await app.StartAsync();
        foreach (var (name, userAgent, address) in Sessions)
        {
            await using (await browser.SignInAsync(app.Url, Account(name), From(userAgent, address)))
            {
            }
        }

        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice, options =>
        {
            From(Pixel, "192.0.2.31")(options);
            options.ViewportSize = new() { Width = 375, Height = 812 };
        });
        await new DevicesPage(alice.Page).OpenAsync();
        await TakeScreenshotAsync(alice.Page, "devices-phone.png", 375);

        await using var admin = await browser.SignInAsync(app.Url, TestUsers.Admin, options =>
        {
            From(Firefox, "192.0.2.5")(options);
            options.ViewportSize = new() { Width = 1280, Height = 800 };
        });
        await new AdminSessionsPage(admin.Page).OpenAsync();
        await Assertions.Expect(new AdminSessionsPage(admin.Page).RowsOf("mira.okafor")).ToHaveCountAsync(2);
        await TakeScreenshotAsync(admin.Page, "admin-sessions.png", 1280);
    }

    private static TestUser Account(string name) => name switch
    {
        "alice" => TestUsers.Alice,
        "bob" => TestUsers.Bob,
        _ => new(name, "five plain words of mine"),
    };

    private static Action<BrowserNewContextOptions> From(string userAgent, string address) => options =>
    {
        options.UserAgent = userAgent;
        options.ExtraHTTPHeaders = [new("X-Forwarded-For", address)];
        options.ColorScheme = ColorScheme.Light;
    };

    private static async Task TakeScreenshotAsync(IPage page, string name, int width)
    {
        var screenshot = await page.ScreenshotAsync();
        if (Environment.GetEnvironmentVariable("SESSIONWEB_PICTURES") == "1")
        {
            var images = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images"));
            await File.WriteAllBytesAsync(Path.Combine(images.FullName, name), screenshot);
        }

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], screenshot[..4]);
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(screenshot.AsSpan(16)));
        Assert.InRange(screenshot.Length, 15_000, 500_000);
    }
}
