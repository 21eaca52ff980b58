using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>What administrators read after they ended sessions.</summary>
internal static class EndedTexts
{
    /// <summary>One session.</summary>
    public static string Of(RevocationResult ended) => ended switch
    {
        { Pending: true } => $"The session will end.{RevocationNotice.Of(ended)}",
        { Ended: 0 } => $"That session had already ended.{RevocationNotice.Of(ended)}",
        _ => $"The session was ended.{RevocationNotice.Of(ended)}",
    };

    /// <summary>All sessions of an account, or everyone's.</summary>
    /// <param name="ended">The revocation.</param>
    /// <param name="whose">Such as " of the account".</param>
    /// <param name="butYours">Whether the administrator's own session stays.</param>
    public static string OfAll(RevocationResult ended, string whose, bool butYours) =>
        (ended.Pending ? $"All sessions{whose} will end." : $"{RevocationNotice.Sessions(ended.Ended)}{whose} ended.")
        + (butYours ? " Yours here stays." : "") + RevocationNotice.Of(ended);
}
