using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Responds with 503 to a request that failed because the session store is unavailable, such as a sign-in. An app with
/// an error page shows it with this status. For other apps, a middleware around the whole pipeline responds.
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
    /// Below the API path there is no error page. For other paths, the app's exception handler continues.
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
