namespace SessionWeb.Sessions.Revocation;

/// <summary>A node's session cache, as the revocation log changes it. Implemented by <c>SessionCache</c>.</summary>
internal interface IRevocationTarget
{
    /// <summary>The account's generation in the entries of the last minutes; 0 if they have none.</summary>
    long Generation(AccountTag account);

    /// <summary>Removes all cached sessions of the entry's account, and remembers the revocation.</summary>
    void Apply(LogEntry entry);

    /// <summary>Adopts an epoch if it is higher than the current one, and removes all sessions.</summary>
    void Apply(Epoch epoch);

    /// <summary>Removes all sessions. Sessions that are being read now are not added.</summary>
    void Clear();
}
