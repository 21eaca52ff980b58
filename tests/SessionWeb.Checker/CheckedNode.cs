using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionWeb.Data;
using SessionWeb.SessionStorage;
using SessionWeb.Sessions;

namespace SessionWeb.Checker;

/// <summary>
/// A node: the library in an app of its own, with the intents in SQLite as SessionWeb has them. Accounts need no password here: what is
/// checked begins after it.
/// </summary>
internal static class CheckedNode
{
    public static async Task RunAsync(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        var (configuration, services) = (builder.Configuration, builder.Services);
        services.AddDatabase();
        services.AddDataProtection().PersistKeysToFileSystem(new(Path.Combine(configuration["DataDirectory"]!, "keys")));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest)
            .AddServerSideSessions(configuration.GetSection("Sessions").Bind)
            .UseRedis(configuration["Redis"]!)
            .AddRevocationJournal<DatabaseRevocationJournal>();

        await using var app = builder.Build();
        await app.Services.PrepareDatabaseAsync();
        app.UseAuthentication();
        app.MapPost("/in", SignInAsync);
        app.MapGet("/api/who", (HttpContext context) => context.User.Identity?.Name is { } name ? Results.Text(name) : Results.StatusCode(StatusCodes.Status403Forbidden));
        app.MapPost("/end", async (string name, string? handle, string? keep, long? generation, ISessionStore store) =>
            Results.Json(await EndAsync(store, AccountTag.For(name), handle, keep, generation)));
        await app.RunAsync();
    }

    private static async Task<string?> SignInAsync(HttpContext context, string name, long generation)
    {
        var claims = new ClaimsIdentity([new("sub", name), new("name", name)], "check", "name", "role");
        var properties = new AuthenticationProperties();
        properties.SetGeneration(generation);
        await context.SignInAsync(new(claims), properties);
        return context.GetSessionKey()?.Handle;
    }

    private static Task<RevocationResult> EndAsync(ISessionStore store, AccountTag account, string? handle, string? keep, long? generation)
    {
        var ending = new SessionEnd(SessionEndReasons.RevokedByAdmin);
        return string.IsNullOrEmpty(handle)
            ? store.EndAccountAsync(account, ending, string.IsNullOrEmpty(keep) ? null : keep, generation)
            : store.EndAsync(account, handle, ending, CancellationToken.None);
    }
}
