using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Records revocations in the journal, if the app has one, with the generation or epoch that they raise to. With a
/// recorded number, a revocation can be applied again: it does not end the sessions that began since.
/// </summary>
internal sealed partial class JournalWriter(
    IRevocationLog log, IRevocationTarget cache, GlobalEpoch epoch, TimeProvider clock, ILogger<JournalWriter> logger,
    IRevocationJournal? journal = null)
{
    public bool HasJournal => journal is not null;

    /// <summary>Reads the journal, which must exist.</summary>
    /// <exception cref="SessionStoreUnavailableException">The journal cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<IRevocationJournal, Task<T>> read)
    {
        try
        {
            return await read(journal!);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new SessionStoreUnavailableException("The revocation journal cannot be read.", failure);
        }
    }

    /// <summary>The epoch of the latest recorded revocation of all sessions, which may not be applied yet.</summary>
    public async Task<long> EpochAsync(CancellationToken cancellationToken) =>
        journal is null ? 0 : await ReadAsync(journal => journal.EpochAsync(cancellationToken));

    /// <summary>Records a revocation, with a generation if the store can give one now.</summary>
    public async Task<RevocationRequest> AddAsync(RevocationRequest request, CancellationToken cancellationToken)
    {
        if (journal is null)
            return request;
        try
        {
            request = await WithGenerationAsync(request);
        }
        catch (SessionStoreUnavailableException)
        {
            // It is chosen when the revocation is applied.
        }
        return await journal.AddAsync(request, cancellationToken);
    }

    /// <summary>Adds a generation to a revocation, and records it before it is raised.</summary>
    public async Task<RevocationRequest> AddGenerationAsync(RevocationRequest request)
    {
        if (journal is null || await WithGenerationAsync(request) is var chosen && chosen == request)
            return request;
        return await journal.AddAsync(chosen, CancellationToken.None);
    }

    /// <summary>Adds an epoch, and records it before it is raised: sign-ins read it from the journal.</summary>
    public async Task<RevocationRequest> AddEpochAsync(RevocationRequest request, long atLeast = 0)
    {
        atLeast = Math.Max(atLeast, Math.Max(epoch.Current.Number + 1, clock.GetUtcNow().ToUnixTimeMilliseconds()));
        if (journal is null)
            return request with { Generation = atLeast };
        var chosen = await journal.AddAsync(request with { Generation = null }, CancellationToken.None);
        return chosen.Generation >= atLeast
            ? chosen
            : await journal.AddAsync(request with { Generation = atLeast }, CancellationToken.None);
    }

    public async Task MarkAcknowledgedAsync(RevocationRequest request)
    {
        try
        {
            await (journal?.MarkAcknowledgedAsync(request, CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (Exception failure)
        {
            // It is in effect. Unless it is marked so, it is applied again, which changes nothing.
            NotMarked(logger, request.Id, failure);
        }
    }

    private async Task<RevocationRequest> WithGenerationAsync(RevocationRequest request) =>
        request is { Account: { } account, Handle: null, ClaimsVersion: null, Generation: null }
            ? request with { Generation = 1 + Math.Max(cache.Generation(account), await log.GenerationAsync(account)) }
            : request;

    [LoggerMessage(4, LogLevel.Warning, "Revocation {Id} is in effect, but not marked. It is applied again.")]
    private static partial void NotMarked(ILogger logger, string id, Exception exception);
}
