using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Accounts;

internal sealed class Account : IdentityUser
{
    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When a disabled account opens again by itself; null = never.</summary>
    public DateTimeOffset? DisabledUntil { get; set; }

    public string? DisabledReason { get; set; }

    /// <summary>Only ever raised: a sign-in that began under an earlier generation is refused.</summary>
    public long Generation { get; set; }

    /// <summary>Only ever raised: tickets made under an earlier version of the account's claims are out of date.</summary>
    public long ClaimsVersion { get; set; }

    /// <summary>
    /// Whether the account was seeded with a demo password that was not replaced since; null if a revision without this column
    /// added the account and the password was not checked yet.
    /// </summary>
    public bool? IsDemo { get; set; }

    /// <summary>The time step of the last authenticator code that was accepted: only codes of later steps are.</summary>
    public long LastAuthenticatorStep { get; set; }

    public bool IsDisabledAt(DateTimeOffset now) => DisabledAt is not null && (DisabledUntil is null || now < DisabledUntil);
}
