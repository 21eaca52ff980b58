using SessionWeb.Accounts;
using SessionWeb.Administration;

namespace SessionWeb.IntegrationTests.Apps;

internal static class TwoFactorApp
{
    /// <summary>Switches the second factor of an account on; the code of this half-minute is used then.</summary>
    public static async Task<(string Id, string Key, IReadOnlyList<string> Recovery)> SwitchOnTwoFactorAsync(this AccountsApp app, string userName, string password)
    {
        var id = (await app.AccountAsync(userName)).Id;
        var key = await app.WithAsync((TwoFactorCodes c) => Task.FromResult(c.NewKey()));
        var recovery = TwoFactorCodes.NewRecoveryCodes();
        Assert.True((await app.WithAsync((TwoFactorActions a) => a.EnableAsync(id, password, key, Totp.Code(key), recovery))).Result.Succeeded);
        return (id, key, recovery);
    }
}
