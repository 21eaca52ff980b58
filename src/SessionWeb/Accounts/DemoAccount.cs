namespace SessionWeb.Accounts;

/// <summary>An account under <c>Demo:Accounts</c>.</summary>
internal sealed class DemoAccount
{
    public const string Section = "Demo:Accounts";

    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    public string[] Roles { get; set; } = [];
}
