using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// A node's turn to recover. It is short, so that the other nodes need not wait long when the node fails, and extended
/// until it is disposed, because reading the journal may take longer.
/// </summary>
internal sealed class RedisRecoveryTurn : IRecoveryTurn
{
    public const long LengthMs = 1000;

    private readonly RedisRevocationLog _log;
    private readonly string _incarnation;
    private readonly string _node;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _extending;

    public RedisRecoveryTurn(RedisRevocationLog log, string incarnation, string node, bool isStoreEmpty)
    {
        (_log, _incarnation, _node, IsStoreEmpty) = (log, incarnation, node, isStoreEmpty);
        _extending = ExtendAsync();
    }

    public bool IsStoreEmpty { get; }

    public Task<IReadOnlyList<RevocationRequest>?> RecoverAsync(IReadOnlyList<RevocationRequest> requests) =>
        _log.RecoverAsync(requests, _incarnation, _node);

    public async Task<bool> CompleteAsync() =>
        (await _log.EvaluateTurnAsync(_incarnation, _node, isComplete: true)).State == RecoveryState.Complete;

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _extending;
        _disposed.Dispose();
    }

    private async Task ExtendAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(LengthMs / 4), _disposed.Token);
                await _log.EvaluateTurnAsync(_incarnation, _node, isComplete: false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SessionStoreUnavailableException)
        {
            // The next batch detects a lost turn.
        }
    }
}
