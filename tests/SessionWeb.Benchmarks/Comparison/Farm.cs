using System.Net;
using System.Net.Http.Json;
using SessionWeb.Api;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Nodes that share Redis and accounts, and an administrator at the first of them.</summary>
internal sealed class Farm : IAsyncDisposable
{
    private readonly List<AppNode> _nodes = [];
    private readonly List<HttpClient> _clients = [];

    /// <summary>Signed in; follows no redirect.</summary>
    public required HttpClient Admin { get; init; }

    /// <summary>With which the administrator posts forms.</summary>
    public required string Token { get; init; }

    public static async Task<Farm> StartAsync(RedisServer redis, int count)
    {
        var nodes = new List<AppNode>();
        for (var i = 0; i < count; i++)
            nodes.Add(await AppNode.StartAsync(
            [
                ("ConnectionStrings__Redis", redis.Configuration), ("Node__Name", $"node-{(char)('a' + i)}"),
                // Late answers are measured, not refused.
                ("Sessions__StoreTimeout", "00:00:30"),
                .. nodes.Take(1).Select(first => ("DataDirectory", first.Process.Data)),
            ]));
        var admin = await nodes[0].SignInAsync("admin");
        var farm = new Farm { Admin = admin, Token = await AppNode.TokenAsync(admin, "/admin/sessions") };
        farm._nodes.AddRange(nodes);
        farm._clients.AddRange(nodes.Select(node => new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = node.Url }));
        return farm;
    }

    public int Count => _nodes.Count;

    public ServerProcess Last => _nodes[^1].Process;

    /// <summary>The administrator presses a button.</summary>
    public async Task PostAsync(string handler, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("__RequestVerificationToken", Token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        using var answer = await Admin.PostAsync($"/admin/sessions?handler={handler}", new FormUrlEncodedContent(form));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a request with a cookie to every node at once; how many let it in.</summary>
    public async Task<int> AcceptedAsync(string cookie)
    {
        var accepted = await Task.WhenAll(_clients.Select(async client =>
        {
            using var answer = await client.GetMeAsync(cookie);
            return answer.StatusCode == HttpStatusCode.OK;
        }));
        return accepted.Count(isAccepted => isAccepted);
    }

    /// <summary>The public handle of a cookie's session.</summary>
    public async Task<string> HandleAsync(string cookie)
    {
        using var answer = await _clients[0].GetMeAsync(cookie);
        return (await answer.Content.ReadFromJsonAsync<Me>())!.Session;
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
