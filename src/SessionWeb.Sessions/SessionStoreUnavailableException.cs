namespace SessionWeb.Sessions;

/// <summary>
/// The session store is unavailable, or did not respond in time. Its answer is unknown: no session is accepted, and
/// none is ended.
/// </summary>
public sealed class SessionStoreUnavailableException : Exception
{
    /// <summary>How long a client should wait before it retries: 2 seconds (Retry-After, RFC 9110 §10.2.3).</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Creates the exception with its default message.</summary>
    public SessionStoreUnavailableException() : this("The session store is unavailable.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public SessionStoreUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public SessionStoreUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Whether <paramref name="exception"/> is, or was caused by, an unavailable session store.</summary>
    public static bool IsCauseOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SessionStoreUnavailableException)
                return true;
        }

        return false;
    }
}
