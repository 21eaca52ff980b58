using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionWeb.Benchmarks.Peers;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>Another app with the same key ring and store: it signs in without asking for a password, which would cost a hash for each.</summary>
internal sealed class CookieSource : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _scheme;

    private CookieSource(WebApplication app, string scheme) => (_app, _scheme) = (app, scheme);

    /// <param name="redis">Where the farm's keys and sessions are.</param>
    /// <param name="idle">How long the sessions live without being used.</param>
    /// <param name="scheme">How the farm is reached: cookies over https have another name.</param>
    public static async Task<CookieSource> StartAsync(string redis, TimeSpan idle, string scheme = "http")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().SetApplicationName("SessionWeb").PersistKeysToRedis(redis);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.Cookie.Name = "sid")
            .AddServerSideSessions(sessions => (sessions.IdleTimeout, sessions.StoreTimeout) = (idle, TimeSpan.FromSeconds(30))).UseRedis(redis);
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{RedisServer.FreePort()}");
        await app.StartAsync();
        return new(app, scheme);
    }

    /// <summary>It is a node among the others: what it ends, all of them must hear of.</summary>
    public ISessionStore Store => _app.Services.GetRequiredService<ISessionStore>();

    /// <summary>The cookie of a new session, as a browser would send it.</summary>
    public async Task<string> SignInAsync(string name)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Scheme = _scheme } };
        await context.SignInAsync(Person.Principal(name));
        return context.Response.Headers.SetCookie.Single()!.Split(';')[0];
    }

    /// <summary>The cookies of as many new sessions, each of another person.</summary>
    public async Task<string[]> SignInAsync(string name, int count)
    {
        var cookies = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => cookies[i] = await SignInAsync($"{name}-{i}"));
        return cookies;
    }

    public async ValueTask DisposeAsync()
    {
        // A node that is just gone is one that revocations wait for.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
