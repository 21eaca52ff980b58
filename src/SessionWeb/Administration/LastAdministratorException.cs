namespace SessionWeb.Administration;

/// <summary>The change would leave no administrator who can sign in. Nothing was changed.</summary>
internal sealed class LastAdministratorException() : Exception(
    "This is the last administrator who can sign in. Add the administrator role to another account first.");
