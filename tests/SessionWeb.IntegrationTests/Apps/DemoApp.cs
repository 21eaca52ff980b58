namespace SessionWeb.IntegrationTests.Apps;

/// <summary>The embedded app with a signed-in administrator.</summary>
public sealed class DemoApp : EmbeddedApp
{
    public DemoApp() => Settings["Node:Name"] = "node-1";

    /// <summary>Signed in as <c>admin</c>.</summary>
    public Visitor Admin { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Admin = NewVisitor();
        await Admin.SignInAsync(TestUsers.Admin);
    }

    /// <summary>Adds an account through the administrator's form.</summary>
    /// <returns>The account's id.</returns>
    public async Task<string> AddAccountAsync(string userName, string password)
    {
        await Admin.AddAccountAsync(userName, password);
        return await Database.AccountIdAsync(userName);
    }

    /// <summary>The audit log's entries of one account, oldest first.</summary>
    public async Task<IReadOnlyList<(string Event, string? By, string? Reason, long? Count)>> AuditAsync(
        string accountName) =>
    [
        .. (await Database.QueryAsync(
            "SELECT Event, \"By\", Reason, Count FROM AuditEntries WHERE AccountName = $p0 ORDER BY Id", accountName))
            .Select(row => ((string)row[0]!, (string?)row[1], (string?)row[2], (long?)row[3])),
    ];

    public override async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        await base.DisposeAsync();
    }
}
