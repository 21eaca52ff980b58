namespace SessionWeb.IntegrationTests.Apps;

/// <summary>Forms that an administrator submits.</summary>
internal static class AdministratorForms
{
    public static async Task AddAccountAsync(this Visitor admin, string userName, string password)
    {
        var fields = new Dictionary<string, string> { ["Input.UserName"] = userName, ["Input.Password"] = password };
        (await admin.SubmitAsync("/admin/accounts", "add", fields)).Dispose();
    }
}
