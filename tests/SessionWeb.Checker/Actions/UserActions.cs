using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Actions of users on their accounts and sessions.</summary>
internal static class UserActions
{
    private const string DevicesPage = "/account/sessions";
    private const string TwoFactorPage = "/account/two-factor";

    public static IReadOnlyList<AppAction> All { get; } =
    [
        OnPage("own-logout", DevicesPage, "/account/logout", _ => []) with
        {
            AffectedSessions = account => [account.CurrentSession],
        },
        OnPage(
            "own-revoke", DevicesPage, $"{DevicesPage}?handler=revoke", account => [("id", account.OtherHandle)]) with
        {
            AffectedSessions = AdminActions.OtherSession,
        },
        OnPage("own-revoke-others", DevicesPage, $"{DevicesPage}?handler=revoke-others", _ => []) with
        {
            AffectedSessions = AdminActions.OtherSession,
        },
        Renewing(OnPage("own-password", "/account/password", "/account/password", PasswordFields)),
        Renewing(OnPage("own-email", "/account/profile", "/account/profile", EmailFields)),
        Renewing(new("own-enable-two-factor", EnableTwoFactorAsync) { AllowsSignIn = false }),
        Renewing(OnPage(
            "own-disable-two-factor", TwoFactorPage, $"{TwoFactorPage}?handler=disable", CurrentPasswordField)) with
        {
            PrepareAsync = AdminActions.EnableTwoFactorAsync,
        },
        new AppAction("session-limit", ExceedLimitAsync)
        {
            PrepareAsync = ReachLimitAsync,
            AffectedSessions = account => [account.CurrentSession],
            AllowsSignIn = false,
            ChangesDatabase = false,
        },
    ];

    private static AppAction Renewing(AppAction action) =>
        action with { AffectedSessions = AdminActions.OtherSession, RenewsCurrentSession = true };

    private static AppAction OnPage(
        string name, string page, string target, Func<TestAccount, (string, string)[]> fields) =>
        new(name, (_, node, account, faults) =>
            ActionForms.SubmitAsync(account.Browser, node, page, target, faults, fields(account)));

    private static (string, string)[] CurrentPasswordField(TestAccount account) =>
        [("Input.CurrentPassword", account.Password)];

    private static (string, string)[] PasswordFields(TestAccount account)
    {
        var current = CurrentPasswordField(account);
        account.Password = TestAccount.NewPassword;
        return [.. current, ("Input.NewPassword", account.Password), ("Input.ConfirmPassword", account.Password)];
    }

    private static (string, string)[] EmailFields(TestAccount account) =>
        [("Input.Email", $"{account.Name}@example.com"), .. CurrentPasswordField(account)];

    private static async Task<ActionReply> EnableTwoFactorAsync(
        AppFarm farm, AppNode node, TestAccount account, FaultInjector faults)
    {
        var page = await account.Browser.GetAsync(node, TwoFactorPage);
        return await ActionForms.SubmitAsync(
            account.Browser, node, TwoFactorPage, $"{TwoFactorPage}?handler=enable", faults,
            ("Input.Setup", AuthenticatorApp.SetupIn(page.Body)), ("Input.Code", AuthenticatorApp.CodeFor(page.Body)),
            ("Input.CurrentPassword", account.Password));
    }

    /// <summary>A sign-in above the limit ends the account's oldest session.</summary>
    private static Task<ActionReply> ExceedLimitAsync(
        AppFarm farm, AppNode node, TestAccount account, FaultInjector faults) =>
        ActionForms.SubmitAsync(
            farm.NewBrowser(), node, "/account/login", "/account/login", faults,
            ("Input.UserName", account.Name), ("Input.Password", account.Password));

    private static async Task ReachLimitAsync(AppFarm farm, TestAccount account)
    {
        while (account.Sessions.Count < AppFarm.MaxSessionsPerAccount)
        {
            var browser = farm.NewBrowser();
            await browser.SignInAsync(farm.B, account.Name, account.Password);
            account.Sessions = [.. account.Sessions, browser.Session];
        }
    }
}
