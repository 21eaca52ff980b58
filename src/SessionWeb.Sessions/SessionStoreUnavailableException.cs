namespace SessionWeb.Sessions;

/// <summary>
/// The session store could not be asked, or did not answer in time. What it would have said is unknown: nobody is let
/// in, and nobody is signed out.
/// </summary>
public sealed class SessionStoreUnavailableException : Exception
{
    /// <summary>How long a client should wait before it tries again (Retry-After, RFC 9110 §10.2.3).</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Creates the exception with its default message.</summary>
    public SessionStoreUnavailableException() : this("The session store cannot be reached.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public SessionStoreUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with what caused it.</summary>
    public SessionStoreUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Whether <paramref name="exception"/> is, or was caused by, an unavailable session store.</summary>
    public static bool IsCauseOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is SessionStoreUnavailableException)
                return true;
        return false;
    }
}
