namespace SessionWeb.Data;

/// <summary>The generation and claims version of an account in the session store. Both are only raised.</summary>
internal sealed class StoredGeneration
{
    public required string AccountTag { get; init; }

    /// <summary>Sign-ins that began under a lower generation are refused.</summary>
    public long Generation { get; init; }

    /// <summary>Tickets with a lower version have stale claims.</summary>
    public long ClaimsVersion { get; init; }
}
