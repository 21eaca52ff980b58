namespace SessionWeb.Sessions;

/// <summary>
/// The session store would lose sessions or revocations as it is configured. The app does not start; the message states
/// what to change.
/// </summary>
public sealed class UnsupportedStoreException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public UnsupportedStoreException() : this("The session store would lose sessions as it is configured.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public UnsupportedStoreException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public UnsupportedStoreException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
