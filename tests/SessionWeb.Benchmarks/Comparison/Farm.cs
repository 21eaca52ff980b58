using System.Net;
using System.Net.Http.Json;
using SessionWeb.Pages;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Nodes that share Redis and accounts, with an administrator signed in at the first one.</summary>
internal sealed class Farm : IAsyncDisposable
{
    private readonly List<AppNode> _nodes = [];
    private readonly List<HttpClient> _clients = [];

    /// <summary>The client of the signed-in administrator.</summary>
    public required HttpClient Admin { get; init; }

    /// <summary>The antiforgery token for the administrator's forms.</summary>
    public required string Token { get; init; }

    public static Task<Farm> StartAsync(RedisServer redis, int count) => StartAsync(Revision.This, redis, count);

    /// <param name="revision">The revision of the app.</param>
    /// <param name="redis">The Redis that holds the sessions.</param>
    /// <param name="count">The number of nodes.</param>
    /// <param name="settings">More settings, as names and values of environment variables.</param>
    public static async Task<Farm> StartAsync(
        Revision revision, RedisServer redis, int count, params (string Name, string Value)[] settings)
    {
        var nodes = new List<AppNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await AppNode.StartAsync(revision,
            [
                ("ConnectionStrings__Redis", redis.Configuration), ("Node__Name", $"node-{(char)('a' + i)}"),
                // Slow responses must be measured, not refused.
                ("Sessions__StoreTimeout", "00:00:30"),
                .. settings,
                .. nodes.Take(1).Select(first => ("DataDirectory", first.Process.Data)),
            ]));
        }

        var admin = await nodes[0].SignInAsync("admin");
        var farm = new Farm { Admin = admin, Token = await AppNode.TokenAsync(admin, "/admin/sessions") };
        farm._nodes.AddRange(nodes);
        farm._clients.AddRange(nodes.Select(node =>
            new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = node.Url }));
        return farm;
    }

    public int Count => _nodes.Count;

    public AppNode First => _nodes[0];

    public ServerProcess Last => _nodes[^1].Process;

    /// <summary>Posts a form of the sessions page as the administrator.</summary>
    /// <returns>The resulting page.</returns>
    public async Task<string> PostAsync(string handler, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("__RequestVerificationToken", Token))
            .Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        using var response = await Admin.PostAsync(
            $"/admin/sessions?handler={handler}", new FormUrlEncodedContent(form));
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Sends a request with a cookie to all nodes in parallel and counts the nodes that accept it.</summary>
    public async Task<int> CountAcceptingAsync(string cookie)
    {
        var accepted = await Task.WhenAll(_clients.Select(client => IsAcceptedAsync(client, cookie)));
        return accepted.Count(isAccepted => isAccepted);
    }

    /// <summary>Waits until every node accepts a cookie.</summary>
    /// <exception cref="TimeoutException">The nodes did not do so within two minutes.</exception>
    public Task WaitUntilAcceptedByAllAsync(string cookie) => WaitUntilAsync(Count, cookie);

    /// <summary>Waits until every node refuses a cookie.</summary>
    /// <exception cref="TimeoutException">The nodes did not do so within two minutes.</exception>
    public Task WaitUntilRefusedByAllAsync(string cookie) => WaitUntilAsync(0, cookie);

    private async Task WaitUntilAsync(int expected, string cookie)
    {
        var count = 0;
        await Wait.UntilAsync(
            async () => (count = await CountAcceptingAsync(cookie)) == expected,
            () => $"{expected} of {Count} nodes accept the session, not {count}");
    }

    /// <summary>The handle of a cookie's session.</summary>
    public async Task<string> HandleAsync(string cookie) => (await MeAsync(cookie)).Session;

    /// <summary>The response of <c>/api/me</c> for a cookie.</summary>
    public async Task<Me> MeAsync(string cookie)
    {
        using var response = await _clients[0].GetMeAsync(cookie);
        return (await response.Content.ReadFromJsonAsync<Me>())!;
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient client, string cookie)
    {
        using var response = await client.GetMeAsync(cookie);
        return response.StatusCode == HttpStatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        // The first node goes last, because all nodes use its directory.
        foreach (var node in Enumerable.Reverse(_nodes))
            await node.DisposeAsync();
    }
}
