using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using SessionWeb.Api;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Nodes that share Redis and accounts, and an administrator at the first of them.</summary>
internal sealed class Farm : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<AppNode> _nodes = [];
    private readonly List<HttpClient> _clients = [];

    /// <summary>Signed in; follows no redirect.</summary>
    public required HttpClient Admin { get; init; }

    /// <summary>With which the administrator posts forms.</summary>
    public required string Token { get; init; }

    public static Task<Farm> StartAsync(RedisServer redis, int count) => StartAsync(Revision.This, redis, count);

    /// <param name="revision">Whose app.</param>
    /// <param name="redis">Where sessions are.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="settings">More settings, as environment variables name them.</param>
    public static async Task<Farm> StartAsync(Revision revision, RedisServer redis, int count, params (string Name, string Value)[] settings)
    {
        var nodes = new List<AppNode>();
        for (var i = 0; i < count; i++)
            nodes.Add(await AppNode.StartAsync(revision,
            [
                ("ConnectionStrings__Redis", redis.Configuration), ("Node__Name", $"node-{(char)('a' + i)}"),
                // Late answers are measured, not refused.
                ("Sessions__StoreTimeout", "00:00:30"),
                .. settings,
                .. nodes.Take(1).Select(first => ("DataDirectory", first.Process.Data)),
            ]));
        var admin = await nodes[0].SignInAsync("admin");
        var farm = new Farm { Admin = admin, Token = await AppNode.TokenAsync(admin, "/admin/sessions") };
        farm._nodes.AddRange(nodes);
        farm._clients.AddRange(nodes.Select(node => new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = node.Url }));
        return farm;
    }

    public int Count => _nodes.Count;

    public AppNode First => _nodes[0];

    public ServerProcess Last => _nodes[^1].Process;

    /// <summary>The administrator presses a button.</summary>
    /// <returns>The page that follows.</returns>
    public async Task<string> PostAsync(string handler, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("__RequestVerificationToken", Token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        using var answer = await Admin.PostAsync($"/admin/sessions?handler={handler}", new FormUrlEncodedContent(form));
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Sends a request with a cookie to every node at once; how many let it in.</summary>
    public async Task<int> AcceptedAsync(string cookie)
    {
        var accepted = await Task.WhenAll(_clients.Select(client => IsAcceptedAsync(client, cookie)));
        return accepted.Count(isAccepted => isAccepted);
    }

    /// <summary>Waits until every node accepts a cookie.</summary>
    /// <exception cref="TimeoutException">The nodes did not do so within two minutes.</exception>
    public Task AcceptedByAllAsync(string cookie) => UntilAcceptedByAsync(count => count == Count, cookie);

    /// <summary>Waits until every node refuses a cookie.</summary>
    /// <exception cref="TimeoutException">The nodes did not do so within two minutes.</exception>
    public Task RefusedByAllAsync(string cookie) => UntilAcceptedByAsync(count => count == 0, cookie);

    private async Task UntilAcceptedByAsync(Func<int, bool> isExpected, string cookie)
    {
        var began = Stopwatch.GetTimestamp();
        for (int count; !isExpected(count = await AcceptedAsync(cookie)); await Task.Delay(10))
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"After {Patience.TotalMinutes} minutes {count} of {Count} nodes accept the session.");
    }

    /// <summary>The public handle of a cookie's session.</summary>
    public async Task<string> HandleAsync(string cookie) => (await MeAsync(cookie)).Session;

    /// <summary>What a node says of a cookie's session.</summary>
    public async Task<Me> MeAsync(string cookie)
    {
        using var answer = await _clients[0].GetMeAsync(cookie);
        return (await answer.Content.ReadFromJsonAsync<Me>())!;
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient client, string cookie)
    {
        using var answer = await client.GetMeAsync(cookie);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        // The first one's directory is everybody's.
        foreach (var node in Enumerable.Reverse(_nodes))
            await node.DisposeAsync();
    }
}
