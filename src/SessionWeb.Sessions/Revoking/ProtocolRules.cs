namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// The rules that the guarantee stands on, each by itself. All hold; no setting changes that. The checker takes one away at a time, to see that
/// it would notice.
/// </summary>
internal sealed record ProtocolRules
{
    /// <summary>Nothing is remembered that was read before a revocation was applied.</summary>
    public bool FillToken { get; init; } = true;

    /// <summary>The lease is looked at before the cache.</summary>
    public bool LeaseBeforeLookup { get; init; } = true;

    /// <summary>A lease is published after what came with it was applied.</summary>
    public bool LeaseAfterApply { get; init; } = true;

    /// <summary>A lease counts from before it was asked for.</summary>
    public bool LeaseFromSending { get; init; } = true;

    /// <summary>Without a lease, nothing remembered is used.</summary>
    public bool Lease { get; init; } = true;

    /// <summary>Only what was applied is acknowledged.</summary>
    public bool ApplyBeforeAck { get; init; } = true;

    /// <summary>A revocation waits for acknowledgements, or until no lease can be held.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>What was revoked or outdated stays so on a node even where the store forgot it.</summary>
    public bool Tombstones { get; init; } = true;

    /// <summary>After a restart or failover, what was revoked lately is revoked again.</summary>
    public bool DurableIntents { get; init; } = true;

    /// <summary>A store with another history is noticed.</summary>
    public bool Incarnation { get; init; } = true;

    /// <summary>How long to dawdle where the order of steps matters, at most. None.</summary>
    public TimeSpan Dawdle { get; init; }

    public void Linger()
    {
        if (Dawdle > TimeSpan.Zero)
            Thread.Sleep(Dawdle * Random.Shared.NextDouble());
    }

    public Task LingerAsync() => Dawdle > TimeSpan.Zero ? Task.Delay(Dawdle * Random.Shared.NextDouble()) : Task.CompletedTask;
}
