namespace SessionWeb.IntegrationTests.Accounts;

public sealed class AccountOptionsTests
{
    [Theory]
    [InlineData("Accounts:Provider", "MySql")]
    [InlineData("Accounts:Provider", "Postgres")]
    [InlineData("Accounts:BcryptCost", "9")]
    [InlineData("Accounts:BcryptCost", "17")]
    [InlineData("Accounts:BcryptCost", "much")]
    [InlineData("Accounts:PasswordMinLength", "7")]
    [InlineData("Accounts:PasswordMinLength", "65")]
    [InlineData("Accounts:Registration", "perhaps")]
    public async Task Invalid_setting_stops_startup_and_is_named_in_the_error(string setting, string value)
    {
        var e = await Assert.ThrowsAnyAsync<Exception>(
            () => AccountsApp.StartAsync(settings: new() { [setting] = value }));
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
    }
}
