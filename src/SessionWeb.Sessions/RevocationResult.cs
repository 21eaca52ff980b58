namespace SessionWeb.Sessions;

/// <summary>
/// What came of ending sessions. Unless <see cref="Pending"/>, no request that starts after this was returned is accepted for any of
/// them, by any node: each has acknowledged that it forgot them, or cannot use what it remembers any more.
/// </summary>
/// <param name="Ended">How many sessions were ended; an estimate where everyone's were.</param>
/// <param name="Nodes">The nodes that could have remembered them. Empty where nodes remember nothing, and ask the store on each request.</param>
/// <param name="Pending">
/// The store could not be asked. The wish is kept, and will be carried out as soon as it can be; nobody can say by when.
/// </param>
/// <param name="Elapsed">How long it took until it was acknowledged, from when it was written down.</param>
public sealed record RevocationResult(int Ended, IReadOnlyList<NodeAcknowledgement> Nodes, bool Pending, TimeSpan Elapsed)
{
    /// <summary>Nothing was there to end.</summary>
    public static readonly RevocationResult None = new(0, [], false, TimeSpan.Zero);

    /// <summary>Two revocations of one request as one: pending if either is, with the nodes of the one that took longer.</summary>
    internal RevocationResult Combine(RevocationResult other)
    {
        var slower = other.Elapsed > Elapsed ? other : this;
        return new(Ended + other.Ended, slower.Nodes, Pending || other.Pending, slower.Elapsed);
    }

    /// <summary>In effect because every request asks the store.</summary>
    public static RevocationResult Immediate(int ended) => new(ended, [], false, TimeSpan.Zero);
}

/// <summary>What a node said to a revocation.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="AcknowledgedAfter">
/// How long it took to acknowledge; null if it did not answer. Its lease has run out meanwhile: it accepts nobody until it has caught up.
/// </param>
public sealed record NodeAcknowledgement(string Name, TimeSpan? AcknowledgedAfter);
