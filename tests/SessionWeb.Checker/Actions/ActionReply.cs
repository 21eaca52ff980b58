namespace SessionWeb.Checker.Actions;

/// <summary>What the page or the command reported about an action.</summary>
internal sealed record ActionReply(RevocationOutcome Outcome, string Text);
