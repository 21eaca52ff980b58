using Microsoft.AspNetCore.Identity;

namespace SessionWeb.Accounts;

internal sealed class DemoAccount
{
    public const string Section = "Demo:Accounts";

    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    public string[] Roles { get; set; } = [];
}

/// <summary>The accounts of <c>Demo:Accounts</c>, for trying the app out. Only Development has them.</summary>
internal sealed partial class DemoAccounts(
    IConfiguration configuration, UserManager<Account> accounts, NewAccount newAccount, ListeningAddress address, ILogger<DemoAccounts> logger)
{
    public async Task AddMissingAsync()
    {
        var demo = configuration.GetSection(DemoAccount.Section).Get<DemoAccount[]>() ?? [];
        foreach (var wanted in demo)
            if (await accounts.FindByNameAsync(wanted.UserName) is null)
                await AddAsync(wanted);
        address.WhenKnown(url =>
        {
            foreach (var account in demo)
                TellHowToSignIn($"{url}/account/login", account.UserName, account.Password);
        });
    }

    private async Task AddAsync(DemoAccount wanted)
    {
        var result = await newAccount.AddAsync(wanted.UserName, wanted.Password, wanted.Roles, reason: "demo", isDemo: true);
        // Another node that starts just now may have been quicker.
        if (!result.Succeeded && await accounts.FindByNameAsync(wanted.UserName) is null)
            throw new StartupException($"Demo:Accounts: '{wanted.UserName}' cannot be added: {result.Errors.First().Description}");
    }

    [LoggerMessage(LogLevel.Information, "Demo: sign in at {Url} as {UserName} with the password: {Password}")]
    private partial void TellHowToSignIn(string url, string userName, string password);
}
