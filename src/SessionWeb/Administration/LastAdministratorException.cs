namespace SessionWeb.Administration;

/// <summary>Somebody must be left who can administer; nothing was changed.</summary>
internal sealed class LastAdministratorException() : Exception("This is the last administrator who can sign in. Make somebody else one first.");
