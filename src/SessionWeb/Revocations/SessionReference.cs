namespace SessionWeb.Revocations;

/// <summary>A session as pages address it. The handle may be malformed, and the session may not exist.</summary>
internal readonly record struct SessionReference(string AccountId, string Handle);
