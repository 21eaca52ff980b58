using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Http;

internal static partial class SessionCookieLog
{
    [LoggerMessage(1, LogLevel.Warning, "The response to a request is 503, because the session store is unavailable.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);
}
