namespace SessionWeb.Data;

internal static class Roles
{
    public const string Admin = "admin";
}
