using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>Something that is done to an account: what, the entry in the audit log, and what it means for the account's sessions.</summary>
/// <param name="AccountId">Whose.</param>
/// <param name="Event">The entry's word, of <see cref="Audit.AuditEvents"/>.</param>
/// <param name="Effect">What becomes of the sessions.</param>
/// <param name="Ending">How they end where they do, and who it was.</param>
internal sealed record AccountChange(string AccountId, string Event, SessionEffect Effect, SessionEnd Ending)
{
    public Func<UpdateSettersBuilder<Account>, UpdateSettersBuilder<Account>> Set { get; init; } = set => set;

    /// <summary>What must still hold of the account when it is changed.</summary>
    public Expression<Func<Account, bool>>? OnlyIf { get; init; }

    /// <summary>The generation that the account must still be of.</summary>
    public long? OnlyAtGeneration { get; init; }

    /// <summary>What else belongs to the change, in the same transaction.</summary>
    public Func<Task>? Alongside { get; init; }

    /// <summary>The entry's details, told of the account as it was before; the message to the person unless this says otherwise.</summary>
    public Func<Account, string?>? Details { get; init; }

    /// <summary>Whether the user changes the own account.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The handle of the session that does not end, if one does not.</summary>
    public string? KeepHandle { get; init; }

    public bool EndsSessions => Effect is SessionEffect.Revoke or SessionEffect.ReAuthenticate;
}

/// <summary>The result of a change.</summary>
/// <param name="Account">The account after the change.</param>
/// <param name="Sessions">The revocation that the change caused; <see cref="RevocationResult.None"/> if it caused none.</param>
internal sealed record AccountChanged(Account Account, RevocationResult Sessions);
