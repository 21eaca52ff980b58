using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>Tells an administrator the result of a revocation.</summary>
internal static class AdminRevocationText
{
    private const string CurrentSessionKept = " Your current session was kept.";

    /// <summary>The result for one session.</summary>
    public static string OfOne(RevocationResult revocation) => revocation switch
    {
        { Pending: true } => $"The session will be revoked.{RevocationText.Appended(revocation)}",
        { Ended: 0 } => $"The session had already ended.{RevocationText.Appended(revocation)}",
        _ => $"The session was revoked.{RevocationText.Appended(revocation)}",
    };

    /// <summary>The result for the sessions that an administrator selected.</summary>
    /// <param name="revocations">One revocation per session, without sessions that the store does not know.</param>
    /// <param name="selected">How many sessions were selected.</param>
    /// <param name="keptCurrent">Whether the administrator's current session was among them, and was kept.</param>
    public static (string Text, string Kind) OfSelected(
        IReadOnlyCollection<RevocationResult> revocations, int selected, bool keptCurrent)
    {
        var ended = revocations.Sum(revocation => revocation.Ended);
        var pending = revocations.Count(revocation => revocation.Pending);
        var endedBefore = selected - ended - pending - (keptCurrent ? 1 : 0);
        var slowest = revocations.MaxBy(revocation => (revocation.Pending, revocation.Elapsed));
        var text = (ended > 0 || pending == 0 ? $"{RevocationText.Sessions(ended)} revoked." : "")
            + (endedBefore > 0 ? $" {RevocationText.Sessions(endedBefore)} had already ended." : "")
            + (pending > 0 ? $" {RevocationText.Sessions(pending)} will be revoked." : "")
            + (keptCurrent ? CurrentSessionKept : "") + RevocationText.Appended(slowest);
        return (text.TrimStart(), ended > 0 && pending == 0 ? "success" : "info");
    }

    /// <summary>The result for all sessions of an account, or of all accounts.</summary>
    /// <param name="revocation">The revocation.</param>
    /// <param name="keptCurrent">Whether the administrator's current session was kept.</param>
    public static string OfAll(RevocationResult revocation, bool keptCurrent) =>
        (revocation.Pending ? "All sessions will be revoked." : $"{RevocationText.Sessions(revocation.Ended)} revoked.")
        + (keptCurrent ? CurrentSessionKept : "") + RevocationText.Appended(revocation);

    /// <summary>The kind of the notice for one session.</summary>
    public static string Kind(RevocationResult revocation) =>
        revocation is { Pending: false, Ended: > 0 } ? "success" : "info";
}
