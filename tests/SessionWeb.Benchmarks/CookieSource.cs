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

/// <summary>
/// Another app with the same key ring and store, which signs in without a password and so without its hash.
/// </summary>
internal sealed class CookieSource : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _scheme;

    private CookieSource(WebApplication app, string scheme) => (_app, _scheme) = (app, scheme);

    /// <param name="redis">The Redis that holds the farm's keys and sessions.</param>
    /// <param name="idleTimeout">The idle timeout of the sessions.</param>
    /// <param name="scheme">The scheme of the farm's URL, on which the name of the cookie depends.</param>
    public static async Task<CookieSource> StartAsync(string redis, TimeSpan idleTimeout, string scheme = "http")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().SetApplicationName("SessionWeb").PersistKeysToRedis(redis);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie => cookie.Cookie.Name = "sid")
            .AddServerSideSessions(sessions =>
            {
                sessions.IdleTimeout = idleTimeout;
                sessions.StoreTimeout = TimeSpan.FromSeconds(30);
            })
            .UseRedis(redis);
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{FreePort.Next()}");
        await app.StartAsync();
        return new(app, scheme);
    }

    /// <summary>
    /// The store of this process, which is a node of the farm. All nodes must acknowledge its revocations.
    /// </summary>
    public ISessionStore Store => _app.Services.GetRequiredService<ISessionStore>();

    /// <summary>Begins a session and returns its cookie as a browser sends it.</summary>
    public async Task<string> SignInAsync(string name)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            Request = { Scheme = _scheme },
        };
        await context.SignInAsync(BenchmarkUser.PrincipalOf(name));
        return context.Response.Headers.SetCookie.Single()!.Split(';')[0];
    }

    /// <summary>Begins sessions of different users and returns their cookies.</summary>
    public async Task<string[]> SignInAsync(string name, int count)
    {
        var cookies = new string[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 32 };
        await Parallel.ForAsync(0, count, parallel, async (i, _) => cookies[i] = await SignInAsync($"{name}-{i}"));
        return cookies;
    }

    public async ValueTask DisposeAsync()
    {
        // Revocations would wait for a node that does not leave the register.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
