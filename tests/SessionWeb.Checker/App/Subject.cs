namespace SessionWeb.Checker.App;

/// <summary>An account with two sessions, to which one action is applied.</summary>
internal sealed record Subject(string Name, string Id, string AccountTag, Browser Own, Browser Other)
{
    public const string FirstPassword = "correct horse battery staple";

    public const string NextPassword = "another horse battery staple";

    /// <summary>With what the account signs in after the action.</summary>
    public string Password { get; set; } = FirstPassword;

    /// <summary>The name after the action.</summary>
    public string NextName => $"{Name}-renamed";

    /// <summary>The cookies before the action, the own one first.</summary>
    public IReadOnlyList<string> Sessions { get; set; } = [];

    public string OwnSession => Sessions[0];

    public string OtherSession => Sessions[1];

    public string Page => $"/admin/accounts/{Id}";

    /// <summary>The public handle in a cookie's session: asked for once.</summary>
    public string OtherHandle { get; set; } = "";
}
