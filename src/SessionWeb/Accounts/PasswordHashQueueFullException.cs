namespace SessionWeb.Accounts;

/// <summary>Too many passwords wait to be hashed, so this one was not checked.</summary>
internal sealed class PasswordHashQueueFullException() : Exception("The password hash queue is full.");
