using System.Collections.Concurrent;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Any node, in any order, also while they come and go.</summary>
[Collection<OnFarmSite>]
public sealed class NodesRequirements(FarmSite site)
{
    [Fact]
    public async Task R24_Form_of_one_node_is_taken_by_any_other()
    {
        var account = await site.RegisterAsync();
        foreach (var (from, to) in site.Entrances.SelectMany(from => site.Entrances.Select(to => (from, to))))
        {
            using var visitor = new Visitor(site.Url);
            var form = await visitor.TokenAsync("/account/login", from);
            using (var signedIn = await visitor.PostAsync("/account/login",
                [form, new("Input.UserName", account.UserName), new("Input.Password", account.Password)], to))
                Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

            var button = await visitor.TokenAsync("/account/sessions", to);
            using (var done = await visitor.PostAsync("/account/sessions?handler=revoke-others", [button], from))
                Assert.Equal("/account/sessions", done.Headers.Location?.ToString());
            // What the one wants to say, the other one says.
            Assert.Matches("[Nn]o other device was signed in|other devices? (was|were) signed out", await visitor.ReadAsync("/account/sessions", to));
        }
    }

    [Fact]
    public async Task R28_Session_ended_at_one_node_is_refused_by_the_others_at_the_very_next_request()
    {
        var account = await site.RegisterAsync();
        using var owner = await site.SignInAsync(account);
        foreach (var where in site.Entrances)
        {
            using var lost = await site.SignInAsync(account);
            // Every node has just seen it alive.
            await site.AssertSignedInAsync(lost.Cookies, account);
            var handle = (await lost.MeAsync()).Session;
            var before = lost.Cookies.Copy();

            using (var revoked = await owner.SubmitAsync("/account/sessions", "revoke", new() { ["id"] = handle }, at: where))
                Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);

            await site.AssertRefusedAsync(before);
            using var api = await new Visitor(site.Url, before.Copy()).GetAsync("/api/me");
            Assert.Contains("revoked-by-you", await api.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R41_Thousand_requests_go_to_every_node_and_none_is_bounced()
    {
        using var visitor = await site.SignInAsync();
        var answeredBy = new ConcurrentDictionary<string, int>();
        var session = visitor.Cookies.Session!;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            using var answer = await visitor.GetAsync("/api/me");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answeredBy.AddOrUpdate(answer.Headers.GetValues("X-Node").Single(), 1, (_, count) => count + 1);
        });

        Assert.Equal(site.Nodes.Keys.Order(), answeredBy.Keys.Order());
        Assert.All(answeredBy.Values, count => Assert.InRange(count, 250, 420));
        Assert.Equal(session, visitor.Cookies.Session);
    }

    [Fact]
    public async Task R41_Nodes_killed_stopped_and_started_again_bounce_nobody()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        using var done = new CancellationTokenSource();
        var requests = Task.Run(async () =>
        {
            var answeredBy = new HashSet<string>();
            while (!done.IsCancellationRequested)
            {
                using var answer = await visitor.GetAsync("/account/sessions");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                answeredBy.Add(answer.Headers.GetValues("X-Node").Single());
            }
            return answeredBy;
        });

        await site.KillAsync("node-b");
        await site.StartAsync("node-b");
        await site.StopAsync("node-c");
        await site.StartAsync("node-c");
        await done.CancelAsync();

        Assert.Equal(site.Nodes.Keys.Order(), (await requests).Order());
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }
}
