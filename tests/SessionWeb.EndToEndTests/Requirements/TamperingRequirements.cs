using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A cookie that no node issued is anonymous and causes no store request.</summary>
[Collection<FarmSiteGroup>]
public sealed class TamperingRequirements(FarmSite site)
{
    [Fact]
    public async Task R45_Tampered_cookie_is_anonymous_and_skips_the_store()
    {
        using var user = await site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();

        var number = 0;
        foreach (var cookie in TamperedCookies(user.Cookies.Session!))
        {
            using var visitor = new Visitor(site.Url);
            visitor.Cookies.Set("sid", cookie);
            await AssertAnonymousAsync(visitor, cookie, site.EntryPoints[number++ % site.EntryPoints.Count]);
        }

        Assert.Equal(before, await redis.SessionReadsAsync());
        await user.MeAsync();
        // A node that has the session in its cache does not read the store.
        Assert.InRange(await redis.SessionReadsAsync(), before, before + 1);
    }

    [Fact]
    public async Task R45_Invalid_cookie_chunks_are_anonymous()
    {
        using var user = await site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();
        var session = user.Cookies.Session!;
        (string, string[])[] invalidChunks =
            [("2147483647", []), ("-1", []), ("2", [session]), ("2", [session, session]), ("1", ["x"])];
        foreach (var (count, chunks) in invalidChunks)
        {
            using var visitor = new Visitor(site.Url);
            visitor.Cookies.Set("sid", $"chunks-{count}");
            for (var chunk = 0; chunk < chunks.Length; chunk++)
                visitor.Cookies.Set($"sidC{chunk + 1}", chunks[chunk]);
            await AssertAnonymousAsync(visitor, visitor.Cookies.Header, site.Url);
        }
        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    [Fact]
    public async Task R45_Binary_cookie_causes_no_server_error()
    {
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();
        string[] malformed =
        [
            "\xff\xfe\xfd", "\x01\x02", "\"", "\"\"", "sid=sid=", ";;;=;", "\u00e9%00%ff", new('A', 7000), "{}",
            "' OR 1=1 --",
        ];
        foreach (var entryPoint in site.EntryPoints)
        {
            foreach (var value in malformed)
            {
                var response = await RawRequest.SendAsync(
                    entryPoint,
                    $"GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: sid={value}\r\n\r\n");
                Assert.True(RawRequest.StatusOf(response) is 401 or 400, $"{value}: {response}");
            }
        }

        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    private static async Task AssertAnonymousAsync(Visitor visitor, string cookie, Uri entryPoint)
    {
        using var page = await visitor.GetAsync("/", entryPoint);
        Assert.True(page.StatusCode == HttpStatusCode.OK, $"{(int)page.StatusCode} for {cookie}");
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(html.Contains("You are not signed in.", StringComparison.Ordinal), $"Accepted: {cookie}");
        using var api = await visitor.GetAsync("/api/me", entryPoint);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    private static IEnumerable<string> TamperedCookies(string session)
    {
        var bytes = Base64Url.DecodeFromChars(session);
        // One flipped bit in each byte.
        for (var index = 0; index < bytes.Length; index++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[index] ^= (byte)(1 << (index % 8));
            yield return Base64Url.EncodeToString(flipped);
        }

        foreach (var length in (int[])[1, 4, 20, 21, 36, bytes.Length / 2, bytes.Length - 16, bytes.Length - 1])
            yield return Base64Url.EncodeToString(bytes.AsSpan(0, length));
        yield return Base64Url.EncodeToString([.. bytes, 0]);
        yield return Base64Url.EncodeToString([.. bytes, .. bytes]);
        yield return session + session;
        yield return session + "A";
        yield return session.ToUpperInvariant();

        // An unknown key id, and an empty one.
        yield return Base64Url.EncodeToString([.. bytes[..4], .. RandomNumberGenerator.GetBytes(16), .. bytes[20..]]);
        yield return Base64Url.EncodeToString([.. bytes[..4], .. new byte[16], .. bytes[20..]]);
        yield return Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes.Length));
        foreach (var length in (int[])[1, 48, 512, 3000, 6000])
            yield return Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(length));
        yield return "%00";
        yield return "null";
        yield return "../../etc/passwd";
    }
}
