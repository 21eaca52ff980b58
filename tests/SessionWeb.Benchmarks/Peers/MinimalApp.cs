using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>
/// A constant response to signed-in users, over http and without the app's middleware, to isolate authentication.
/// </summary>
internal static class MinimalApp
{
    private static readonly byte[] Body = "{\"ok\":true}"u8.ToArray();

    public static async Task RunAsync(string peer, string redis, string keys)
    {
        // Another content root, because the working directory contains the app's settings.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = keys });
        builder.Logging.ClearProviders();
        if (peer != PeerApp.NoAuthentication)
        {
            builder.Services.AddAuthorization();
            PeerApp.AddSessions(builder.Services, peer, redis, keys);
        }

        await using var app = builder.Build();
        app.MapGet("/health/live", () => Results.Ok());
        var me = app.MapGet("/api/me", AnswerAsync);
        if (peer != PeerApp.NoAuthentication)
        {
            me.RequireAuthorization();
            app.MapPost("/sign-in/{name}/{id}", PeerApp.SignInAsync);
        }
        await app.RunAsync();
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Body.Length;
        return context.Response.Body.WriteAsync(Body, 0, Body.Length);
    }
}
