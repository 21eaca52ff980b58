using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.RateLimiting;
using SessionWeb.Accounts;
using SessionWeb.Pages.Account;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

internal static partial class PagesSetup
{
    private static readonly string[] Public = ["/Index", "/Setup", "/Error", "/Account/Login", "/Account/LoginCode", "/Account/Register", "/Account/SignedOut"];

    /// <summary>Razor Pages. Every page wants a session, but those named here.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PendingSignInCookie>();
        builder.Services.AddSingleton<CookieTempDataProvider>().AddSingleton<ITempDataProvider, SessionTempDataProvider>();
        builder.Services.PostConfigure<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme, DropTempDataWithSession);
        builder.Services.Configure<RouteOptions>(options => options.LowercaseUrls = true);
        builder.Services.AddRazorPages(options =>
        {
            options.Conventions.AuthorizeFolder("/");
            options.Conventions.AuthorizeFolder("/Admin", Roles.Admin);
            foreach (var page in Public)
                options.Conventions.AllowAnonymousToPage(page);
            options.Conventions.AddPageApplicationModelConvention(
                "/Account/Sessions", page => page.EndpointMetadata.Add(new EnableRateLimitingAttribute(RateLimits.Posts)));
            options.Conventions.Add(new HandlerNames());
            options.Conventions.ConfigureFilter(new KnownHandlersOnly());
        });
    }

    /// <summary>At sign-in and sign-out nothing of what earlier pages left is kept; what the page itself leaves comes later.</summary>
    private static void DropTempDataWithSession(CookieAuthenticationOptions options)
    {
        var (signingIn, signingOut) = (options.Events.OnSigningIn, options.Events.OnSigningOut);
        options.Events.OnSigningIn = context =>
        {
            DropTempData(context.HttpContext);
            return signingIn(context);
        };
        options.Events.OnSigningOut = context =>
        {
            DropTempData(context.HttpContext);
            return signingOut(context);
        };
    }

    private static void DropTempData(HttpContext context) =>
        context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context).Clear();

    /// <summary>A page for every answer without a body, and for every failure; programs under /api get JSON from it.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            // What failed, or was refused, in the request's own scope must not fail its error page, too.
            CreateScopeForErrors = true,
            // Who sends passwords in heaps should not fill the log with stack traces, too.
            SuppressDiagnosticsCallback = failed => failed.Exception is PasswordHashQueueFullException,
            StatusCodeSelector = failure => failure switch
            {
                _ when SessionStoreUnavailableException.IsCauseOf(failure) => StatusCodes.Status503ServiceUnavailable,
                PasswordHashQueueFullException => StatusCodes.Status503ServiceUnavailable,
                BadHttpRequestException bad => bad.StatusCode,
                _ => StatusCodes.Status500InternalServerError,
            },
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}");
    }

    /// <summary>Razor Pages renders a page whose handler does not exist, with nothing loaded. Only pages that are read may do without one.</summary>
    private sealed class KnownHandlersOnly : IPageFilter
    {
        public void OnPageHandlerSelected(PageHandlerSelectedContext context)
        {
        }

        public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
        {
            var method = context.HttpContext.Request.Method;
            if (context is { HandlerMethod: null, HandlerInstance: not ErrorModel } && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
                context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }

        public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
        {
        }
    }

    /// <summary>The handler OnPostRevokeOthers answers to <c>?handler=revoke-others</c>.</summary>
    private sealed partial class HandlerNames : IPageHandlerModelConvention
    {
        public void Apply(PageHandlerModel model)
        {
            if (!string.IsNullOrEmpty(model.HandlerName))
                model.HandlerName = WordStart().Replace(model.HandlerName, "-$1").ToLowerInvariant();
        }

        [GeneratedRegex("(?<!^)([A-Z])")]
        private static partial Regex WordStart();
    }
}
