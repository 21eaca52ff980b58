namespace SessionWeb.Checker;

/// <summary>How a node answered a request with a session cookie.</summary>
internal enum RequestOutcome
{
    Accepted,
    Rejected,

    /// <summary>The node answered 503 or did not answer.</summary>
    Unavailable,
}
