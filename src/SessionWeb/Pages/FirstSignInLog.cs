using SessionWeb.Accounts;
using SessionWeb.Hosting;

namespace SessionWeb.Pages;

/// <summary>
/// Logs how to sign in for the first time, once the server listens: with the demo accounts in Development, elsewhere
/// with the setup link if there is no administrator.
/// </summary>
internal static partial class FirstSignInLog
{
    public static async Task LogFirstSignInAsync(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<ListeningAddress>();
        await using var scope = app.Services.CreateAsyncScope();
        if (app.Environment.IsDevelopment())
        {
            var accounts = scope.ServiceProvider.GetRequiredService<DemoAccounts>().Configured;
            address.WhenKnown(url =>
            {
                foreach (var account in accounts)
                    DemoSignIn(app.Logger, $"{url}/account/login", account.UserName, account.Password);
            });
        }
        else if (scope.ServiceProvider.GetRequiredService<SetupTokens>() is var tokens
            && !await tokens.HasAdministratorAsync())
        {
            address.WhenKnown(url => NoAdministrator(app.Logger, $"{url}/setup?token={tokens.NewToken()}"));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Demo: sign in at {Url} as {UserName} with the password: {Password}")]
    private static partial void DemoSignIn(ILogger logger, string url, string userName, string password);

    [LoggerMessage(2, LogLevel.Warning,
        "There is no administrator yet. To add the first one, open this link within a day: {Link}")]
    private static partial void NoAdministrator(ILogger logger, string link);
}
