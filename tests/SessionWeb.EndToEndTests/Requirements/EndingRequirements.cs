using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Endings that something runs against, on sites where use is noted five times a second.</summary>
public abstract class EndingRequirements(ISite site)
{
    private const int Loops = 8;
    private const int LeastRounds = 3;
    private static readonly TimeSpan Race = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task R29_Signing_out_completes_though_the_client_has_gone()
    {
        var account = await site.RegisterAsync();
        foreach (var entrance in site.Entrances)
        {
            using var visitor = await site.SignInAsync(account, entrance);
            var fields = await new FormUrlEncodedContent([await visitor.TokenAsync("/account/password", entrance)]).ReadAsStringAsync();
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(IPAddress.Loopback, entrance.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /account/logout HTTP/1.1\r\nHost: localhost\r\nCookie: {visitor.Cookies.Header}\r\n"
                    + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {fields.Length}\r\n\r\n{fields}"));
                // nginx has the whole request at once. A node has to be reading it: Kestrel gives up a form whose sender has gone already.
                if (entrance != site.Url || site.Entrances.Count == 1)
                    Assert.True(client.Client.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
                client.LingerState = new(true, 0);
            }

            await Eventually.TrueAsync(
                async () => (await visitor.Replay().GetAsync("/api/me", entrance)).StatusCode == HttpStatusCode.Unauthorized,
                () => $"signed out at {entrance}");
            // It would end as idle a little later, and say so.
            using var answer = await visitor.Replay().GetAsync("/account/sessions", entrance);
            Assert.Equal("/account/signed-out?reason=signed-out", answer.Headers.Location?.OriginalString);
            await site.AssertRefusedAsync(visitor.Cookies);
        }
    }

    [Fact]
    public async Task R39_Eight_request_loops_racing_a_revocation_never_bring_the_session_back()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < LeastRounds || Stopwatch.GetElapsedTime(began) < Race; round++)
        {
            using var person = await site.SignInAsync(account);
            var me = await person.MeAsync();
            var (cookies, revoked) = (person.Cookies.Copy(), 0);
            var loops = Enumerable.Range(0, Loops).Select(async i =>
            {
                for (var n = i; ; n++)
                {
                    var acknowledged = Volatile.Read(ref revoked) == 1;
                    using var visitor = new Visitor(site.Url, cookies.Copy());
                    using var answer = await visitor.GetAsync("/api/me", site.Entrances[n % site.Entrances.Count]);
                    Assert.False(acknowledged && answer.IsSuccessStatusCode, "A request that began after the acknowledgement was let in.");
                    if (acknowledged && n > i + site.Entrances.Count * Loops)
                        return;
                }
            }).ToList();
            try
            {
                using var done = await admin.SubmitAsync("/admin/sessions", "revoke", new() { ["account"] = me.AccountId, ["id"] = me.Session });
                Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
            }
            finally
            {
                Volatile.Write(ref revoked, 1);
            }
            await Task.WhenAll(loops);
            await site.AssertRefusedAsync(cookies);
        }
    }

    [Fact]
    public async Task R40_Open_stream_of_every_node_says_why_and_closes_when_the_session_is_revoked()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var person = await site.SignInAsync(account);
        using var other = await site.SignInAsync();
        var me = await person.MeAsync();
        var streams = await Task.WhenAll(site.Entrances.Select(entrance => OpenAsync(person.Cookies, entrance)));
        using var untouched = await OpenAsync(other.Cookies, site.Entrances[^1]);

        (await admin.SubmitAsync("/admin/sessions", "revoke", new() { ["account"] = me.AccountId, ["id"] = me.Session })).Dispose();

        foreach (var stream in streams)
            using (stream)
                Assert.Contains("\"reason\":\"revoked-by-admin\"", await stream.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.False(untouched.ReadToEndAsync().IsCompleted);
    }

    private static async Task<StreamReader> OpenAsync(CookieJar cookies, Uri entrance)
    {
        var client = Loopback.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(entrance, "/session/events")) { Headers = { { "Cookie", cookies.Header } } };
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var lines = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        Assert.Equal(": open", await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        return lines;
    }
}

[Collection<OnShortLivedFarm>]
public sealed class EndingRequirementsOnAFarm(ShortLivedFarm site) : EndingRequirements(site);

[Collection<OnShortLivedEmbedded>]
public sealed class EndingRequirementsEmbedded(ShortLivedEmbedded site) : EndingRequirements(site);
