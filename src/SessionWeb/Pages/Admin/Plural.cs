namespace SessionWeb.Pages.Admin;

internal static class Plural
{
    public static string Sessions(int? count) => count == 1 ? "1 session" : $"{count ?? 0} sessions";
}
