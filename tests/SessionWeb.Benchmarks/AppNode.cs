using System.Net;

namespace SessionWeb.Benchmarks;

/// <summary>The app in a separate process, in Development unless the settings change the environment.</summary>
internal sealed class AppNode : IAsyncDisposable
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
        var url = new Uri($"http://localhost:{FreePort.Next()}");
        using var client = new HttpClient { BaseAddress = url };
        return new(url, await ServerProcess.StartAsync(
            data =>
            {
                var environment = new Dictionary<string, string>
                {
                    ["ASPNETCORE_ENVIRONMENT"] = "Development",
                    ["DataDirectory"] = data,
                    // As in a published app. Otherwise each request looks for files that were added after the build.
                    ["ReloadStaticAssetsAtRuntime"] = "false",
                };
                foreach (var (name, value) in settings)
                    environment[name] = value;
                return new ChildProcess(
                    "dotnet", [revision.App, "--urls", url.GetLeftPart(UriPartial.Authority)], environment,
                    revision.Root);
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
            ["Input.Password"] = TestUsers.Named(userName).Password,
        });
        (await client.GetAsync("/api/me")).EnsureSuccessStatusCode();
        return client;
    }

    public static Task SignOutAsync(HttpClient client) => PostAsync(client, "/account/logout", []);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>Reads the antiforgery token of a page.</summary>
    public static async Task<string> TokenAsync(HttpClient client, string page) =>
        Visitor.TokenOf(await client.GetStringAsync(page)).Value;

    public static async Task PostAsync(
        HttpClient client, string page, Dictionary<string, string> fields, string? handler = null)
    {
        fields["__RequestVerificationToken"] = await TokenAsync(client, page);
        var url = handler is null ? page : $"{page}?handler={handler}";
        (await client.PostAsync(url, new FormUrlEncodedContent(fields))).EnsureSuccessStatusCode();
    }
}
