namespace SessionWeb.Checker.App;

/// <summary>An account with two sessions, to which one action is applied.</summary>
/// <param name="Name">The user name before the action.</param>
/// <param name="Id">The account's id.</param>
/// <param name="AccountTag">The account's tag in Redis.</param>
/// <param name="Browser">The browser that performs actions of the user.</param>
/// <param name="OtherBrowser">A second browser of the user.</param>
internal sealed record TestAccount(string Name, string Id, string AccountTag, Browser Browser, Browser OtherBrowser)
{
    public const string InitialPassword = "correct horse battery staple";

    public const string NewPassword = "another horse battery staple";

    /// <summary>The password with which the user signs in after the action.</summary>
    public string Password { get; set; } = InitialPassword;

    /// <summary>The user name after a rename.</summary>
    public string NewName => $"{Name}-renamed";

    /// <summary>The session cookies before the action. The first one is that of <see cref="Browser"/>.</summary>
    public IReadOnlyList<string> Sessions { get; set; } = [];

    public string CurrentSession => Sessions[0];

    public string OtherSession => Sessions[1];

    public string OtherHandle { get; set; } = "";

    /// <summary>The account's page for administrators.</summary>
    public string AdminPage => $"/admin/accounts/{Id}";
}
