using Microsoft.EntityFrameworkCore;
using SessionWeb.Sessions;

namespace SessionWeb.Data;

/// <summary>A <see cref="RevocationRequest"/> in the revocation journal.</summary>
internal sealed class StoredRevocation
{
    public required string Id { get; init; }

    public string? Account { get; init; }

    public string? Handle { get; init; }

    public string? KeepAccount { get; init; }

    public string? KeepHandle { get; init; }

    public long? Generation { get; set; }

    public long? ClaimsVersion { get; init; }

    public required string Reason { get; init; }

    public string? By { get; init; }

    public string? Message { get; init; }

    public bool SignInAgain { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When all nodes had acknowledged it. Null while it is pending.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>The highest epoch in the journal. 0 if it contains no revocation of all sessions.</summary>
    public static async Task<long> EpochAsync(
        IQueryable<StoredRevocation> journal, CancellationToken cancellationToken) =>
        await journal.Where(r => r.Account == null).MaxAsync(r => r.Generation, cancellationToken) ?? 0;

    /// <summary>
    /// Gives a revocation of all sessions its epoch. The epoch is higher than every recorded one, so that epochs are in
    /// the order of recording.
    /// </summary>
    public static async Task<RevocationRequest> WithEpochAsync(
        RevocationRequest request, IQueryable<StoredRevocation> journal, DateTimeOffset at,
        CancellationToken cancellationToken) =>
        request is { Account: null, Generation: null }
            ? request with
            {
                Generation = Math.Max(1 + await EpochAsync(journal, cancellationToken), at.ToUnixTimeMilliseconds()),
            }
            : request;

    public static StoredRevocation Of(RevocationRequest request, DateTimeOffset at) => new()
    {
        Id = request.Id,
        Account = request.Account?.Value,
        Handle = request.Handle,
        KeepAccount = request.KeptAccount?.Value,
        KeepHandle = request.KeptHandle,
        Generation = request.Generation,
        ClaimsVersion = request.ClaimsVersion,
        Reason = request.End.Reason,
        By = request.End.By,
        Message = request.End.Message,
        SignInAgain = request.End.SignInAgain,
        At = at,
    };

    public RevocationRequest ToRequest() => new()
    {
        Id = Id,
        Account = Tag(Account),
        Handle = Handle,
        KeptAccount = Tag(KeepAccount),
        KeptHandle = KeepHandle,
        Generation = Generation,
        ClaimsVersion = ClaimsVersion,
        End = new(Reason, By, Message, SignInAgain),
    };

    private static AccountTag? Tag(string? value) => value is null ? null : new AccountTag(value);
}
