namespace SessionWeb.Sessions;

/// <summary>The nodes that share the sessions. Registered by <see cref="SessionsBuilder.UseRedis"/>.</summary>
public interface INodeRegister
{
    /// <summary>Why the store is unsupported, so that this node accepts no session; null if it is supported.</summary>
    string? Problem { get; }

    /// <summary>
    /// The nodes that follow the revocation log, by name. A node that failed remains until a revocation has waited for
    /// it.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    Task<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken);
}
