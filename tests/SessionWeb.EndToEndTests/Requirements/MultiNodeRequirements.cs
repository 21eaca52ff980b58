using System.Collections.Concurrent;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Any node serves any request, also while other nodes restart.</summary>
[Collection<FarmSiteGroup>]
public sealed class MultiNodeRequirements(FarmSite site)
{
    [Fact]
    public async Task R24_Form_from_one_node_is_accepted_by_any_other()
    {
        var account = await site.RegisterAsync();
        foreach (var (from, to) in site.EntryPoints.SelectMany(from => site.EntryPoints.Select(to => (from, to))))
        {
            using var visitor = new Visitor(site.Url);
            var loginToken = await visitor.TokenAsync("/account/login", from);
            using (var signedIn = await visitor.PostAsync(
                "/account/login",
                [loginToken, new("Input.UserName", account.UserName), new("Input.Password", account.Password)], to))
            {
                Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
            }

            var formToken = await visitor.TokenAsync("/account/sessions", to);
            using (var response = await visitor.PostAsync("/account/sessions?handler=revoke-others", [formToken], from))
                Assert.Equal("/account/sessions", response.Headers.Location?.ToString());
            // The notice that one node sets appears on the next node's page.
            Assert.Matches(
                "[Nn]o other device was signed in|other devices? (was|were) signed out",
                await visitor.ReadAsync("/account/sessions", to));
        }
    }

    [Fact]
    public async Task R28_Revoked_session_is_refused_on_every_node()
    {
        var account = await site.RegisterAsync();
        using var owner = await site.SignInAsync(account);
        foreach (var entryPoint in site.EntryPoints)
        {
            using var device = await site.SignInAsync(account);
            // Every node has the session in its cache now.
            await site.AssertSignedInAsync(device.Cookies, account);
            var handle = (await device.MeAsync()).Session;
            var before = device.Cookies.Copy();

            using (var revoked = await owner.SubmitAsync(
                "/account/sessions", "revoke", new() { ["id"] = handle }, at: entryPoint))
            {
                Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
            }

            await site.AssertRefusedAsync(before);
            using var api = await new Visitor(site.Url, before.Copy()).GetAsync("/api/me");
            Assert.Contains("revoked-by-you", await api.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R41_Requests_reach_every_node_without_a_new_sign_in()
    {
        using var visitor = await site.SignInAsync();
        var requestsByNode = new ConcurrentDictionary<string, int>();
        var session = visitor.Cookies.Session!;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            using var response = await visitor.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            requestsByNode.AddOrUpdate(response.Headers.GetValues("X-Node").Single(), 1, (_, count) => count + 1);
        });

        Assert.Equal(site.Nodes.Keys.Order(), requestsByNode.Keys.Order());
        Assert.All(requestsByNode.Values, count => Assert.InRange(count, 250, 420));
        Assert.Equal(session, visitor.Cookies.Session);
    }

    [Fact]
    public async Task R41_Node_restarts_interrupt_no_session()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        using var stop = new CancellationTokenSource();
        var requests = Task.Run(async () =>
        {
            var respondingNodes = new HashSet<string>();
            while (!stop.IsCancellationRequested)
            {
                using var response = await visitor.GetAsync("/account/sessions");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                respondingNodes.Add(response.Headers.GetValues("X-Node").Single());
            }
            return respondingNodes;
        });

        await site.KillAsync("node-b");
        await site.StartAsync("node-b");
        await site.StopAsync("node-c");
        await site.StartAsync("node-c");
        await stop.CancelAsync();

        Assert.Equal(site.Nodes.Keys.Order(), (await requests).Order());
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }
}
