namespace SessionWeb.Hosting;

/// <summary>The app cannot start. The message is one line for the operator.</summary>
internal sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
