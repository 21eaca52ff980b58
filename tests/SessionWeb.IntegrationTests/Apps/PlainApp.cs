using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SessionWeb.Sessions;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>A minimal app that uses the library as its README shows, on Kestrel.</summary>
internal sealed class PlainApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly CapturedLog _log;

    private PlainApp(WebApplication app, CapturedLog log)
    {
        (_app, _log) = (app, log);
        _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new(app.Urls.First()),
        };
    }

    public IServiceProvider Services => _app.Services;

    public ISessionStore Store => _app.Services.GetRequiredService<ISessionStore>();

    public Uri Url => _client.BaseAddress!;

    public static async Task<PlainApp> StartAsync(
        string redis, Action<SessionsOptions>? sessions = null, Action<IServiceCollection>? services = null,
        Action<CookieAuthenticationOptions>? cookies = null, Action<WebApplication>? pipeline = null,
        Action<SessionsBuilder>? more = null, string scheme = CookieAuthenticationDefaults.AuthenticationScheme,
        string? keys = null, bool waitUntilReady = true)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Production });
        var log = new CapturedLog();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddDataProtection().PersistKeysToRedis(keys ?? redis);
        var added = builder.Services.AddAuthentication(scheme)
            .AddCookie(scheme, options =>
            {
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookies?.Invoke(options);
            })
            .AddServerSideSessions(options =>
            {
                // On a loaded machine, Redis responds slowly even when it is available.
                options.StoreTimeout = TimeSpan.FromSeconds(3);
                options.Lease = TimeSpan.FromSeconds(1);
                sessions?.Invoke(options);
            }, scheme)
            .UseRedis(redis);
        more?.Invoke(added);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        pipeline?.Invoke(app);
        app.UseAuthentication();
        app.MapPost("/in", HandleSignInAsync);
        app.MapPost("/api/in", HandleSignInAsync);
        app.MapPost("/out", (HttpContext context) => context.SignOutAsync());
        app.MapGet("/who", Who);
        app.MapGet("/api/who", Who);
        app.MapGet(
            "/roles", (ClaimsPrincipal user) => string.Join(' ', user.FindAll("role").Select(role => role.Value)));
        app.MapGet(
            "/account/signed-out",
            (HttpContext context) =>
                context.GetSessionEnd() is { } end ? $"{end.Reason} {end.By} {end.Message}" : "nothing");
        app.MapSessionEvents();
        app.MapGet("/handle", (HttpContext context) => context.GetSession()?.Handle);
        await app.StartAsync();
        if (waitUntilReady)
        {
            await Wait.UntilAsync(() => app.Services.GetRequiredService<KeyRing>().IsReady, "the key ring is read");
            await app.Services.WaitForRedisAsync();
        }
        return new(app, log);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? cookie = null) =>
        SendAsync(HttpMethod.Get, path, cookie);

    public Task<HttpResponseMessage> PostAsync(
        string path, string? cookie = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, cookie, cancellationToken);

    /// <summary>Signs in and returns the value of the Cookie header.</summary>
    public async Task<string> SignInAsync(string name, string? cookie = null, bool remember = false)
    {
        using var response = await PostAsync($"/in?name={name}&remember={remember}", cookie);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {string.Join('\n', _log.Warnings)}");
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async Task<string> WhoAsync(string? cookie)
    {
        using var response = await GetAsync("/who", cookie);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsStringAsync()
            : $"{(int)response.StatusCode} {response.Headers.Location}";
    }

    /// <summary>Stops the app gracefully: requests in flight can finish.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        // A graceful stop unregisters the node. Revocations would wait for a killed one.
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }

    private static Task HandleSignInAsync(
        HttpContext context, string name, bool remember = false, long? generation = null)
    {
        var identity = new ClaimsIdentity([new("sub", $"id-of-{name}"), new("name", name)], "password", "name", "role");
        var properties = new AuthenticationProperties { IsPersistent = remember };
        if (generation is { } known)
            properties.SetGeneration(known);
        return context.SignInAsync(new(identity), properties);
    }

    private static string Who(ClaimsPrincipal user) => user.Identity?.Name ?? "anonymous";

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? cookie, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request, cancellationToken);
    }
}
