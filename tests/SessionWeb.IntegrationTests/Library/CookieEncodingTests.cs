using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.Caching;

namespace SessionWeb.IntegrationTests.Library;

/// <summary>A session cookie has one valid encoding: base64url without padding or white space.</summary>
public sealed class CookieEncodingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("padding")]
    [InlineData("escaped padding")]
    [InlineData("space")]
    [InlineData("tab")]
    [InlineData("escaped line break")]
    [InlineData("other unused bits")]
    [InlineData("quotes")]
    public async Task B09_Other_encoding_of_a_cookie_is_anonymous(string encoding)
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await app.SignInAsync("alice");
        var other = encoding switch
        {
            "padding" => cookie + "==",
            "escaped padding" => cookie + "%3D%3D",
            "space" => cookie.Insert(50, " "),
            "tab" => cookie.Insert(50, "\t"),
            "escaped line break" => cookie.Insert(50, "%0A"),
            "other unused bits" => cookie[..^1] + (char)(cookie[^1] + 1),
            _ => $"sid=\"{cookie[4..]}\"",
        };
        var reads = await redis.SessionReadsAsync();

        Assert.Equal("anonymous", await app.WhoAsync(other));
        Assert.Equal(reads, await redis.SessionReadsAsync());
        Assert.Equal(0, app.Services.GetRequiredService<SessionCache>().Count);
        Assert.Equal("alice", await app.WhoAsync(cookie));
    }
}
