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
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Checker.Library;

/// <summary>A minimal app: the library with the revocation journal of SessionWeb. Sign-ins need no password.</summary>
internal static class LibraryNodeApp
{
    public const string SignInPath = "/sign-in";
    public const string RevokePath = "/revoke";

    // Below /api, an anonymous request is answered with a status code and not with a redirect.
    public const string RequestPath = "/api/name";

    public static async Task RunAsync(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        var (configuration, services) = (builder.Configuration, builder.Services);
        services.AddDatabase();
        services.AddDataProtection()
            .PersistKeysToFileSystem(new(Path.Combine(configuration["DataDirectory"]!, "keys")));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest)
            .AddServerSideSessions(configuration.GetSection("Sessions").Bind)
            .UseRedis(configuration["Redis"]!)
            .AddRevocationJournal<DatabaseRevocationJournal>();

        await using var app = builder.Build();
        await app.Services.PrepareDatabaseAsync();
        app.UseAuthentication();
        app.MapPost(SignInPath, SignInAsync);
        app.MapGet(RequestPath, NameOf);
        app.MapPost(RevokePath, RevokeAsync);
        await app.RunAsync();
    }

    private static async Task<string?> SignInAsync(HttpContext context, string account, long generation)
    {
        var claims = new ClaimsIdentity([new("sub", account), new("name", account)], "check", "name", "role");
        var properties = new AuthenticationProperties();
        properties.SetGeneration(generation);
        await context.SignInAsync(new(claims), properties);
        return context.GetSessionKey()?.Handle;
    }

    private static IResult NameOf(HttpContext context) => context.User.Identity?.Name is { } name
        ? Results.Text(name)
        : Results.StatusCode(StatusCodes.Status403Forbidden);

    private static async Task<IResult> RevokeAsync(
        string account, string? handle, string? kept, long? generation, ISessionStore store)
    {
        var tag = AccountTag.For(account);
        var end = new SessionEnd(SessionEndReasons.RevokedByAdmin);
        return Results.Json(string.IsNullOrEmpty(handle)
            ? await store.EndAccountAsync(tag, end, string.IsNullOrEmpty(kept) ? null : kept, generation)
            : await store.EndAsync(tag, handle, end, CancellationToken.None));
    }
}
