using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.RateLimiting;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Pages.Account;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

internal static partial class PagesSetup
{
    private static readonly string[] PublicPages =
    [
        "/Index", "/Setup", "/Error", "/Account/Login", "/Account/LoginCode", "/Account/Register", "/Account/SignedOut",
    ];

    /// <summary>Adds Razor Pages. Every page except the public ones requires a session.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PendingSignInCookie>();
        builder.Services.AddSingleton<CookieTempDataProvider>();
        builder.Services.AddSingleton<ITempDataProvider, SessionTempDataProvider>();
        builder.Services.PostConfigure<CookieAuthenticationOptions>(
            CookieAuthenticationDefaults.AuthenticationScheme, ClearTempDataWithSession);
        builder.Services.Configure<RouteOptions>(options => options.LowercaseUrls = true);
        builder.Services.AddRazorPages(options =>
        {
            options.Conventions.AuthorizeFolder("/");
            options.Conventions.AuthorizeFolder("/Admin", Roles.Admin);
            foreach (var page in PublicPages)
                options.Conventions.AllowAnonymousToPage(page);
            options.Conventions.AddPageApplicationModelConvention(
                "/Account/Sessions",
                page => page.EndpointMetadata.Add(new EnableRateLimitingAttribute(RateLimits.Posts)));
            options.Conventions.Add(new HyphenatedHandlerNames());
            options.Conventions.ConfigureFilter(new UnknownHandlerFilter());
        });
    }

    /// <summary>Clears the TempData of earlier pages at sign-in and sign-out. The page can then add new data.</summary>
    private static void ClearTempDataWithSession(CookieAuthenticationOptions options)
    {
        var (signingIn, signingOut) = (options.Events.OnSigningIn, options.Events.OnSigningOut);
        options.Events.OnSigningIn = context =>
        {
            ClearTempData(context.HttpContext);
            return signingIn(context);
        };
        options.Events.OnSigningOut = context =>
        {
            ClearTempData(context.HttpContext);
            return signingOut(context);
        };
    }

    private static void ClearTempData(HttpContext context) =>
        context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context).Clear();

    /// <summary>Shows the error page for exceptions and for error responses without a body.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            // A service that failed in the scope of the request must not fail the error page as well.
            CreateScopeForErrors = true,
            // A sign-in flood must not fill the log with stack traces.
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

    /// <summary>
    /// Responds 405 to an unknown handler, for which Razor Pages renders the page without its data. GET and HEAD need
    /// no handler.
    /// </summary>
    private sealed class UnknownHandlerFilter : IPageFilter
    {
        public void OnPageHandlerSelected(PageHandlerSelectedContext context)
        {
        }

        public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
        {
            var method = context.HttpContext.Request.Method;
            if (context is { HandlerMethod: null, HandlerInstance: not ErrorModel }
                && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
            {
                context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
            }
        }

        public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
        {
        }
    }

    /// <summary>The handler OnPostRevokeOthers has the name <c>revoke-others</c>.</summary>
    private sealed partial class HyphenatedHandlerNames : IPageHandlerModelConvention
    {
        public void Apply(PageHandlerModel model)
        {
            if (!string.IsNullOrEmpty(model.HandlerName))
                model.HandlerName = WordStart().Replace(model.HandlerName, "-${letter}").ToLowerInvariant();
        }

        [GeneratedRegex("(?<!^)(?<letter>[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex WordStart();
    }
}
