using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>Describes a revocation in the notice of a page.</summary>
internal static class RevocationNotice
{
    /// <inheritdoc cref="RevocationText.Appended"/>
    public static string Of(RevocationResult? result) => RevocationText.Appended(result);

    /// <inheritdoc cref="RevocationText.WithCount"/>
    public static string WithCount(RevocationResult? result) => RevocationText.WithCount(result);

    /// <summary>The same for the other devices of the user's own account.</summary>
    public static string OfOthers(RevocationResult others) => others switch
    {
        { Pending: true } or { Ended: 0 } => Of(others),
        { Ended: 1 } => " One other device was signed out." + Of(others),
        _ => $" {others.Ended} other devices were signed out." + Of(others),
    };

    public static string Sessions(int count) => RevocationText.Sessions(count);
}
