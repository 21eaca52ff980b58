using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SessionWeb.Benchmarks;

/// <summary>The app in a separate process, in Development unless the settings change the environment.</summary>
internal sealed partial class AppNode : IAsyncDisposable
{
    private AppNode(Uri url, ServerProcess process) => (Url, Process) = (url, process);

    public Uri Url { get; }

    public ServerProcess Process { get; }

    /// <param name="settings">Settings, as names and values of environment variables.</param>
    public static Task<AppNode> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(Revision.This, settings);

    /// <param name="revision">The revision of the app.</param>
    /// <param name="settings">Settings, as names and values of environment variables.</param>
    public static async Task<AppNode> StartAsync(Revision revision, params (string Name, string Value)[] settings)
    {
        var url = new Uri($"http://localhost:{RedisServer.FreePort()}");
        using var client = new HttpClient { BaseAddress = url };
        return new(url, await ServerProcess.StartAsync(
            data =>
            {
                var start = Repository.Dotnet(revision.App, "--urls", url.GetLeftPart(UriPartial.Authority));
                start.WorkingDirectory = revision.Root;
                start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
                start.Environment["DataDirectory"] = data;
                // As in a published app. Otherwise each request looks for files that were added after the build.
                start.Environment["ReloadStaticAssetsAtRuntime"] = "false";
                foreach (var (name, value) in settings)
                    start.Environment[name] = value;
                return start;
            },
            async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode));
    }

    /// <summary>Signs a demo account in and returns its client.</summary>
    public async Task<HttpClient> SignInAsync(string userName, CookieContainer? cookies = null)
    {
        var handler = new SocketsHttpHandler { CookieContainer = cookies ?? new() };
        var client = new HttpClient(handler) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        await PostAsync(client, "/account/login", new()
        {
            ["Input.UserName"] = userName,
            ["Input.Password"] = await PasswordAsync(userName),
        });
        (await client.GetAsync("/api/me")).EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>Reads the password of a demo account.</summary>
    public static async Task<string> PasswordAsync(string userName)
    {
        var file = Path.Combine(Repository.Root, "appsettings.Development.json");
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        return settings.RootElement.GetProperty("Demo").GetProperty("Accounts").EnumerateArray()
            .Single(account => account.GetProperty("UserName").GetString() == userName)
            .GetProperty("Password").GetString()!;
    }

    public static Task SignOutAsync(HttpClient client) => PostAsync(client, "/account/logout", []);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>Reads the antiforgery token of a page.</summary>
    public static async Task<string> TokenAsync(HttpClient client, string page) =>
        Token().Match(await client.GetStringAsync(page)).Groups[1].Value;

    public static async Task PostAsync(
        HttpClient client, string page, Dictionary<string, string> fields, string? handler = null)
    {
        fields["__RequestVerificationToken"] = await TokenAsync(client, page);
        var url = handler is null ? page : $"{page}?handler={handler}";
        (await client.PostAsync(url, new FormUrlEncodedContent(fields))).EnsureSuccessStatusCode();
    }

    [GeneratedRegex("""<input[^>]*name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();
}
