using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SessionWeb.Benchmarks;

/// <summary>The app as a process of its own; in Development unless the settings say otherwise.</summary>
internal sealed partial class AppNode : IAsyncDisposable
{
    private AppNode(Uri url, ServerProcess process) => (Url, Process) = (url, process);

    public Uri Url { get; }

    public ServerProcess Process { get; }

    /// <param name="settings">As environment variables name them.</param>
    public static Task<AppNode> StartAsync(params (string Name, string Value)[] settings) => StartAsync(Revision.This, settings);

    /// <param name="revision">Whose app.</param>
    /// <param name="settings">As environment variables name them.</param>
    public static async Task<AppNode> StartAsync(Revision revision, params (string Name, string Value)[] settings)
    {
        var url = new Uri($"http://localhost:{RedisServer.FreePort()}");
        using var client = new HttpClient { BaseAddress = url };
        return new(url, await ServerProcess.StartAsync(
            data =>
            {
                var start = Repository.Dotnet(revision.App, "--urls", url.GetLeftPart(UriPartial.Authority));
                start.WorkingDirectory = revision.Root;
                (start.Environment["ASPNETCORE_ENVIRONMENT"], start.Environment["DataDirectory"]) = ("Development", data);
                // As when published: else it looks with each request for a file that was added since it was built.
                start.Environment["ReloadStaticAssetsAtRuntime"] = "false";
                foreach (var (name, value) in settings)
                    start.Environment[name] = value;
                return start;
            },
            async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode));
    }

    /// <summary>A browser of a demo account, signed in.</summary>
    public async Task<HttpClient> SignInAsync(string userName, CookieContainer? cookies = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies ?? new() }) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        await PostAsync(client, "/account/login", new() { ["Input.UserName"] = userName, ["Input.Password"] = await PasswordAsync(userName) });
        (await client.GetAsync("/api/me")).EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>The password of a demo account.</summary>
    public static async Task<string> PasswordAsync(string userName)
    {
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "appsettings.Development.json")));
        return settings.RootElement.GetProperty("Demo").GetProperty("Accounts").EnumerateArray()
            .Single(account => account.GetProperty("UserName").GetString() == userName).GetProperty("Password").GetString()!;
    }

    public static Task SignOutAsync(HttpClient client) => PostAsync(client, "/account/logout", []);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>The token with which this browser may post forms.</summary>
    public static async Task<string> TokenAsync(HttpClient client, string page) => Token().Match(await client.GetStringAsync(page)).Groups[1].Value;

    public static async Task PostAsync(HttpClient client, string page, Dictionary<string, string> fields, string? handler = null)
    {
        fields["__RequestVerificationToken"] = await TokenAsync(client, page);
        (await client.PostAsync(handler is null ? page : $"{page}?handler={handler}", new FormUrlEncodedContent(fields))).EnsureSuccessStatusCode();
    }

    [GeneratedRegex("""<input[^>]*name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();
}
