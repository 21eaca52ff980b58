using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Sessions that end during other activity, on sites that record activity five times per second.</summary>
public abstract class SessionEndRequirements(ISite site)
{
    private const int RequestLoops = 8;
    private const int MinRounds = 3;
    private static readonly TimeSpan RaceDuration = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task R29_Sign_out_completes_after_the_client_disconnects()
    {
        var account = await site.RegisterAsync();
        foreach (var entryPoint in site.EntryPoints)
        {
            using var visitor = await site.SignInAsync(account, entryPoint);
            var fields = await new FormUrlEncodedContent(
                [await visitor.TokenAsync("/account/password", entryPoint)]).ReadAsStringAsync();
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(IPAddress.Loopback, entryPoint.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /account/logout HTTP/1.1\r\nHost: localhost\r\nCookie: {visitor.Cookies.Header}\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\n"
                    + $"Content-Length: {fields.Length}\r\n\r\n{fields}"));
                // nginx buffers the whole request. A node must have started to read it, because Kestrel drops a form
                // whose client disconnected before.
                if (entryPoint != site.Url || site.EntryPoints.Count == 1)
                    Assert.True(client.Client.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
                client.LingerState = new(true, 0);
            }

            await Wait.UntilAsync(
                async () =>
                    (await visitor.Replay().GetAsync("/api/me", entryPoint)).StatusCode == HttpStatusCode.Unauthorized,
                () => $"the session ends after a sign-out at {entryPoint}");
            // The reason shows that the session did not end because of its idle timeout.
            using var response = await visitor.Replay().GetAsync("/account/sessions", entryPoint);
            Assert.Equal("/account/signed-out?reason=signed-out", response.Headers.Location?.OriginalString);
            await site.AssertRefusedAsync(visitor.Cookies);
        }
    }

    [Fact]
    public async Task R39_Requests_racing_a_revocation_never_restore_the_session()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < MinRounds || Stopwatch.GetElapsedTime(started) < RaceDuration; round++)
        {
            using var user = await site.SignInAsync(account);
            var me = await user.MeAsync();
            var (cookies, revoked) = (user.Cookies.Copy(), 0);
            var loops = Enumerable.Range(0, RequestLoops).Select(async i =>
            {
                for (var n = i; ; n++)
                {
                    var acknowledged = Volatile.Read(ref revoked) == 1;
                    using var visitor = new Visitor(site.Url, cookies.Copy());
                    using var response = await visitor.GetAsync(
                        "/api/me", site.EntryPoints[n % site.EntryPoints.Count]);
                    Assert.False(
                        acknowledged && response.IsSuccessStatusCode,
                        "A request that started after the acknowledgement was accepted.");
                    if (acknowledged && n > i + site.EntryPoints.Count * RequestLoops)
                        return;
                }
            }).ToList();
            try
            {
                using var response = await admin.RevokeAsync(me);
                Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
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
    public async Task R40_Event_streams_report_a_revocation_and_close()
    {
        var account = await site.RegisterAsync();
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var user = await site.SignInAsync(account);
        using var other = await site.SignInAsync();
        var me = await user.MeAsync();
        var streams = await Task.WhenAll(site.EntryPoints.Select(entryPoint => OpenAsync(user.Cookies, entryPoint)));
        using var otherStream = await OpenAsync(other.Cookies, site.EntryPoints[^1]);

        (await admin.RevokeAsync(me)).Dispose();

        foreach (var stream in streams)
        {
            using (stream)
            {
                var events = await stream.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
                Assert.Contains("\"reason\":\"revoked-by-admin\"", events, StringComparison.Ordinal);
            }
        }

        Assert.False(otherStream.ReadToEndAsync().IsCompleted);
    }

    private static async Task<StreamReader> OpenAsync(CookieJar cookies, Uri entryPoint)
    {
        var client = Loopback.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(entryPoint, "/session/events"));
        request.Headers.Add("Cookie", cookies.Header);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var lines = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        Assert.Equal(": open", await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        return lines;
    }
}

[Collection<ShortLivedFarmGroup>]
public sealed class SessionEndRequirementsOnFarm(ShortLivedFarm site) : SessionEndRequirements(site);

[Collection<ShortLivedEmbeddedGroup>]
public sealed class SessionEndRequirementsOnEmbedded(ShortLivedEmbeddedSite site) : SessionEndRequirements(site);
