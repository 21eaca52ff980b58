using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A cookie that no node made is nobody's, and costs the store nothing.</summary>
[Collection<OnFarmSite>]
public sealed class TamperingRequirements(FarmSite site)
{
    [Fact]
    public async Task R45_Cookie_that_was_tampered_with_is_a_strangers_and_never_reaches_the_store()
    {
        using var person = await site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();

        var number = 0;
        foreach (var cookie in Tampered(person.Cookies.Session!))
        {
            using var visitor = new Visitor(site.Url);
            visitor.Cookies.Set("sid", cookie);
            await AssertStrangerAsync(visitor, cookie, site.Entrances[number++ % site.Entrances.Count]);
        }

        Assert.Equal(before, await redis.SessionReadsAsync());
        await person.MeAsync();
        // A node that remembers the person asks nothing.
        Assert.InRange(await redis.SessionReadsAsync(), before, before + 1);
    }

    [Fact]
    public async Task R45_Cookie_in_false_chunks_is_a_strangers()
    {
        using var person = await site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();
        var session = person.Cookies.Session!;
        foreach (var (count, chunks) in ((string, string[])[])[("2147483647", []), ("-1", []), ("2", [session]), ("2", [session, session]), ("1", ["x"])])
        {
            using var visitor = new Visitor(site.Url);
            visitor.Cookies.Set("sid", $"chunks-{count}");
            for (var chunk = 0; chunk < chunks.Length; chunk++)
                visitor.Cookies.Set($"sidC{chunk + 1}", chunks[chunk]);
            await AssertStrangerAsync(visitor, visitor.Cookies.Header, site.Url);
        }
        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    [Fact]
    public async Task R45_Binary_junk_for_a_cookie_is_no_error_of_ours()
    {
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var before = await redis.SessionReadsAsync();
        foreach (var entrance in site.Entrances)
            foreach (var junk in (string[])["\xff\xfe\xfd", "\x01\x02", "\"", "\"\"", "sid=sid=", ";;;=;", "\u00e9%00%ff", new('A', 7000), "{}", "' OR 1=1 --"])
            {
                var answer = await RawRequest.SendAsync(entrance, $"GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: sid={junk}\r\n\r\n");
                Assert.True(RawRequest.StatusOf(answer) is 401 or 400, $"{junk}: {answer}");
            }
        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    private static async Task AssertStrangerAsync(Visitor visitor, string cookie, Uri entrance)
    {
        using var page = await visitor.GetAsync("/", entrance);
        Assert.True(page.StatusCode == HttpStatusCode.OK, $"{(int)page.StatusCode} for {cookie}");
        Assert.True((await page.Content.ReadAsStringAsync()).Contains("You are not signed in.", StringComparison.Ordinal), $"Accepted: {cookie}");
        using var api = await visitor.GetAsync("/api/me", entrance);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    private static IEnumerable<string> Tampered(string session)
    {
        var bytes = Base64Url.DecodeFromChars(session);
        // Every byte once, one bit of it.
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= (byte)(1 << (at % 8));
            yield return Base64Url.EncodeToString(flipped);
        }

        foreach (var length in (int[])[1, 4, 20, 21, 36, bytes.Length / 2, bytes.Length - 16, bytes.Length - 1])
            yield return Base64Url.EncodeToString(bytes.AsSpan(0, length));
        yield return Base64Url.EncodeToString([.. bytes, 0]);
        yield return Base64Url.EncodeToString([.. bytes, .. bytes]);
        yield return session + session;
        yield return session + "A";
        yield return session.ToUpperInvariant();

        // A key that no ring has, and none at all.
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
