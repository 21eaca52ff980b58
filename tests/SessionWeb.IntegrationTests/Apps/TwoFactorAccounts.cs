using SessionWeb.Accounts;
using SessionWeb.SelfService;

namespace SessionWeb.IntegrationTests.Apps;

internal static class TwoFactorAccounts
{
    /// <summary>Enables two-factor sign-in with the code of the current step, which is used afterwards.</summary>
    public static async Task<(string Id, string Key, IReadOnlyList<string> Recovery)> EnableTwoFactorAsync(
        this AccountsApp app, string userName, string password)
    {
        var id = (await app.AccountAsync(userName)).Id;
        var key = await app.WithAsync((TwoFactorCodes c) => Task.FromResult(c.NewKey()));
        var recovery = TwoFactorCodes.NewRecoveryCodes();
        Assert.True((await app.WithAsync(
            (OwnTwoFactor a) => a.EnableAsync(id, password, key, Totp.Code(key), recovery))).Result.Succeeded);
        return (id, key, recovery);
    }
}
