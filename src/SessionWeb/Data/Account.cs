using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Data;

internal sealed class Account : IdentityUser
{
    public const int MaxUserNameLength = 64;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When a disabled account is enabled again automatically. Null means never.</summary>
    public DateTimeOffset? DisabledUntil { get; set; }

    public string? DisabledReason { get; set; }

    /// <summary>Only ever raised. A sign-in that began under a lower generation is refused.</summary>
    public long Generation { get; set; }

    /// <summary>Only ever raised. Claims that were read under a lower version are stale.</summary>
    public long ClaimsVersion { get; set; }

    /// <summary>
    /// Whether the account has the demo password that it was seeded with. Null if a revision without this column added
    /// the account and the password has not been checked yet.
    /// </summary>
    public bool? IsDemo { get; set; }

    /// <summary>
    /// The time step of the last accepted authenticator code. Only codes of later steps are accepted.
    /// </summary>
    public long LastAuthenticatorStep { get; set; }

    public bool IsDisabledAt(DateTimeOffset now) =>
        DisabledAt is not null && (DisabledUntil is null || now < DisabledUntil);
}
