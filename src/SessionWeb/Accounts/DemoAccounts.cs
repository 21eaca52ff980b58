using Microsoft.AspNetCore.Identity;
using SessionWeb.Data;
using SessionWeb.Hosting;

namespace SessionWeb.Accounts;

/// <summary>Adds the accounts under <c>Demo:Accounts</c>, for trying out the app. Only Development adds them.</summary>
internal sealed class DemoAccounts(IConfiguration configuration, UserManager<Account> accounts, NewAccount newAccount)
{
    public IReadOnlyList<DemoAccount> Configured =>
        configuration.GetSection(DemoAccount.Section).Get<DemoAccount[]>() ?? [];

    public async Task AddMissingAsync()
    {
        foreach (var demo in Configured)
        {
            if (await accounts.FindByNameAsync(demo.UserName) is null)
                await AddAsync(demo);
        }
    }

    private async Task AddAsync(DemoAccount demo)
    {
        var result = await newAccount.AddAsync(demo.UserName, demo.Password, demo.Roles, reason: "demo", isDemo: true);
        // Another node that starts at the same time may have added it first.
        if (!result.Succeeded && await accounts.FindByNameAsync(demo.UserName) is null)
        {
            throw new StartupException(
                $"Demo:Accounts: '{demo.UserName}' cannot be added: {result.Errors.First().Description}");
        }
    }
}
