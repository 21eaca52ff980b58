namespace SessionWeb.Checker.App;

/// <summary>What a node answered to a request with a session cookie.</summary>
/// <param name="Outcome">Whether the node accepted the request.</param>
/// <param name="Name">The account's name in the session's claims.</param>
/// <param name="Handle">The session's public handle.</param>
/// <param name="IsAdmin">Whether the node returned a page for administrators.</param>
internal sealed record SessionCheck(RequestOutcome Outcome, string Name = "", string Handle = "", bool IsAdmin = false);
