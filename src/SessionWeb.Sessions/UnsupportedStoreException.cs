namespace SessionWeb.Sessions;

/// <summary>
/// The session store is set up in a way in which sessions or revocations would be lost. The app does not start; the
/// message says what to change.
/// </summary>
public sealed class UnsupportedStoreException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public UnsupportedStoreException() : this("The session store is set up in a way in which sessions would be lost.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public UnsupportedStoreException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with what caused it.</summary>
    public UnsupportedStoreException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
