using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Accounts;
using SessionWeb.Hosting;
using SessionWeb.Pages;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>
/// <c>/api/me</c> with another kind of authentication. Settings, middleware and the JSON are those of the app.
/// </summary>
internal static class PeerApp
{
    public const string NoAuthentication = "none";
    public const string StatelessCookie = "cookie";
    public const string TicketStoreRecipe = "ticket-store";
    public const string Library = "library";

    private static readonly DateTimeOffset SignedInAt = new(2026, 1, 1, 0, 0, 0, 123, TimeSpan.Zero);

    public static async Task RunAsync(string peer, string redis, string keys)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddLineLogging();
        builder.AddNode();
        builder.AddSecurityDefaults();
        builder.AddTrustedProxies();
        builder.Services.AddHealthChecks();
        builder.Services.AddAuthorization();
        if (peer != NoAuthentication)
            AddSessions(builder.Services, peer, redis, keys);

        await using var app = builder.Build();
        app.UseTrustedProxies();
        app.UseNodeHeader();
        app.UseSecurityHeaders();
        app.UseErrorPages();
        app.UseHealthEndpoints();
        app.UseHttpsOnly();
        app.UseRouting();
        if (peer != NoAuthentication)
            app.UseAuthentication();
        app.UseAuthorization();

        if (peer == NoAuthentication)
        {
            app.MapGet("/api/me", (HttpContext _, NodeOptions node) => CreateResponse(FixedUser, node));
        }
        else
        {
            app.MapGet("/api/me", (HttpContext _, ClaimsPrincipal user, NodeOptions node) => CreateResponse(user, node))
                .RequireAuthorization();
        }

        app.MapPost("/sign-in/{name}/{id}", (HttpContext context, string name) =>
            peer == NoAuthentication ? Task.CompletedTask : SignInAsync(context, name));
        await app.RunAsync();
    }

    public static Task SignInAsync(HttpContext context, string name) =>
        context.SignInAsync(BenchmarkUser.PrincipalOf(name));

    private static readonly ClaimsPrincipal FixedUser = BenchmarkUser.PrincipalOf("alice");

    // Peers have no session details, so these values are constant.
    private static Me CreateResponse(ClaimsPrincipal user, NodeOptions node) => new(
        user.FindFirst(AccountClaims.Id)!.Value, user.Identity!.Name!,
        [.. user.FindAll(AccountClaims.Role).Select(role => role.Value)], "AbCdEfGhIjKl", SignedInAt,
        SignedInAt.AddMinutes(30), SignedInAt.AddHours(12), node.Name);

    /// <summary>Adds the authentication of a peer.</summary>
    public static void AddSessions(IServiceCollection services, string peer, string redis, string keys)
    {
        var protection = services.AddDataProtection().SetApplicationName(peer);
        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme);
        if (peer == Library)
        {
            protection.PersistKeysToRedis(redis);
            authentication.AddCookie()
                .AddServerSideSessions(sessions => sessions.MaxPerAccount = 10_000).UseRedis(redis);
            return;
        }
        protection.PersistKeysToFileSystem(new(keys));
        authentication.AddCookie();
        if (peer != TicketStoreRecipe)
            return;
        services.AddStackExchangeRedisCache(options => options.Configuration = redis);
        services.AddSingleton<ITicketStore, DistributedTicketStore>();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<ITicketStore>((cookie, store) => cookie.SessionStore = store);
    }
}
