namespace SessionWeb.Accounts;

internal static class Roles
{
    public const string Admin = "admin";
}
