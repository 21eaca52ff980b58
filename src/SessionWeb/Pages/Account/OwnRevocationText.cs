using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Tells users the result of a revocation of their own sessions.</summary>
internal static class OwnRevocationText
{
    /// <summary>The result for the user's other devices, to append to a sentence, after a space.</summary>
    public static string OfOtherDevices(RevocationResult others) => others switch
    {
        { Pending: true } or { Ended: 0 } => RevocationText.Appended(others),
        { Ended: 1 } => " One other device was signed out." + RevocationText.Appended(others),
        _ => $" {others.Ended} other devices were signed out." + RevocationText.Appended(others),
    };
}
