using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Cookies;

internal static partial class SessionCookieLog
{
    [LoggerMessage(1, LogLevel.Warning, "A request was answered with 503, its session could not be looked up.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);
}
