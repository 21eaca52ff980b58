using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>The result of deleting an account.</summary>
/// <param name="Deleted">
/// False if it was refused, or if another administrator enabled the account in the meantime.
/// </param>
/// <param name="Sessions">The revocation of the account's sessions.</param>
/// <param name="Error">The message of the refusal. Null if it was not refused.</param>
internal sealed record AccountDeletion(bool Deleted, RevocationResult Sessions, string? Error = null);
