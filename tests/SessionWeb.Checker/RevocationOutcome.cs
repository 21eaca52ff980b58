namespace SessionWeb.Checker;

/// <summary>How a node answered a revocation.</summary>
internal enum RevocationOutcome
{
    Acknowledged,

    /// <summary>The revocation is recorded and must be applied later.</summary>
    Pending,

    /// <summary>The node did not answer. The revocation may be recorded.</summary>
    Unknown,
}
