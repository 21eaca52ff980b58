using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Answers a request with 503 that failed because the session store is unavailable, such as a sign-in. An app with an
/// error page shows that page, with this status; in an app without one, a middleware around the whole pipeline answers.
/// </summary>
internal sealed class StoreUnavailableResponses(
    IOptions<SessionsOptions> options, ILogger<StoreUnavailableResponses> logger)
    : IStartupFilter, IExceptionHandler, IDeveloperPageExceptionFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    /// <remarks>
    /// Below the API path no error page is shown. Everywhere else the exception handler of the app continues.
    /// </remarks>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!SessionStoreUnavailableException.IsCauseOf(exception))
            return false;
        if (!httpContext.Request.Path.StartsWithSegments(options.Value.ApiPath))
        {
            SessionResponses.MarkUnavailable(httpContext.Response);
            return false;
        }
        await SessionResponses.FailedAsync(httpContext, options.Value);
        return true;
    }

    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        SessionStoreUnavailableException.IsCauseOf(errorContext.Exception)
            ? SessionResponses.FailedAsync(errorContext.HttpContext, options.Value)
            : next(errorContext);

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure)
            when (SessionStoreUnavailableException.IsCauseOf(failure) && !context.Response.HasStarted)
        {
            SessionCookieLog.StoreUnavailable(logger, failure);
            context.Response.Clear();
            await SessionResponses.FailedAsync(context, options.Value);
        }
    }
}
