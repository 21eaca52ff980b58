using Microsoft.EntityFrameworkCore;
using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>A revocation as it was meant, in the database: see <see cref="RevocationRequest"/>.</summary>
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

    /// <summary>When it was written down.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When every node had it; null until then.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>The highest generation of the revocations of everyone; 0 without any.</summary>
    public static async Task<long> EpochAsync(IQueryable<StoredRevocation> intents, CancellationToken cancellationToken) =>
        await intents.Where(i => i.Account == null).MaxAsync(i => i.Generation, cancellationToken) ?? 0;

    /// <summary>A revocation of everyone with its epoch: above all that are recorded, so that their order is that in which they were recorded.</summary>
    public static async Task<RevocationRequest> WithEpochAsync(
        RevocationRequest intent, IQueryable<StoredRevocation> recorded, DateTimeOffset at, CancellationToken cancellationToken) =>
        intent is { Account: null, Generation: null }
            ? intent with { Generation = Math.Max(1 + await EpochAsync(recorded, cancellationToken), at.ToUnixTimeMilliseconds()) }
            : intent;

    public static StoredRevocation Of(RevocationRequest intent, DateTimeOffset at) => new()
    {
        Id = intent.Id,
        Account = intent.Account?.Value,
        Handle = intent.Handle,
        KeepAccount = intent.KeptAccount?.Value,
        KeepHandle = intent.KeptHandle,
        Generation = intent.Generation,
        ClaimsVersion = intent.ClaimsVersion,
        Reason = intent.End.Reason,
        By = intent.End.By,
        Message = intent.End.Message,
        SignInAgain = intent.End.SignInAgain,
        At = at,
    };

    public RevocationRequest ToIntent() => new()
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
