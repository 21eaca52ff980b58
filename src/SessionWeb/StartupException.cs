namespace SessionWeb;

/// <summary>Why the app cannot start, in one sentence for the person who started it.</summary>
internal sealed class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);
