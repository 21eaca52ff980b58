using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Actions of administrators on pages.</summary>
internal static class AdminActions
{
    private const string SessionsPage = "/admin/sessions";

    public static IReadOnlyList<AppAction> All { get; } =
    [
        OnAccount("disable") with { AllowsSignIn = false },
        OnAccount("delete", _ => [("sure", "true")]) with { AllowsSignIn = false },
        OnAccount("enable") with { PrepareAsync = DisableAsync },
        OnAccount("grant-admin") with { HasNewClaims = (_, check) => check.IsAdmin },
        OnAccount("take-admin") with { PrepareAsync = GrantAdminAsync, HasNewClaims = (_, check) => !check.IsAdmin },
        OnAccount("reset-password", account => [("Input.Password", account.Password = TestAccount.NewPassword)]),
        OnAccount("rename", account => [("Input.UserName", account.NewName)]) with
        {
            HasNewClaims = (account, check) => check.Name == account.NewName,
            AllowsSignIn = false,
        },
        OnAccount("change-email", account => [("Input.Email", $"{account.Name}@example.com")]),
        OnAccount("disable-two-factor") with { PrepareAsync = EnableTwoFactorAsync },
        OnAccount("sign-out"),
        OnAccount("revoke", account => [("session", account.OtherHandle)]) with { AffectedSessions = OtherSession },
        OnSessions("revoke", OtherSessionFields) with { AffectedSessions = OtherSession },
        new AppAction("sessions-revoke-twice", ConcurrentRevocation.PerformAsync) { AffectedSessions = OtherSession },
        OnSessions("revoke-selected", account => [("ids", $"{account.Id}:{account.OtherHandle}")]) with
        {
            AffectedSessions = OtherSession,
        },
        OnSessions("revoke-account", account => [("account", account.Id)]),
        OnSessions("revoke-everyone", _ => [("sure", "true")]),
    ];

    public static IEnumerable<string> OtherSession(TestAccount account) => [account.OtherSession];

    public static Task EnableTwoFactorAsync(AppFarm farm, TestAccount account)
    {
        farm.Database.EnableTwoFactor(account.Id);
        return Task.CompletedTask;
    }

    /// <summary>Disables the account, which ends all of its sessions.</summary>
    public static async Task DisableAsync(AppFarm farm, TestAccount account)
    {
        await SubmitOnAccountAsync(farm, farm.B, account, "disable", new());
        account.Sessions = [];
    }

    /// <summary>Revokes the account's other session.</summary>
    public static Task<ActionReply> RevokeOtherSessionAsync(
        Browser admin, AppNode node, TestAccount account, FaultInjector faults) =>
        ActionForms.SubmitAsync(
            admin, node, SessionsPage, $"{SessionsPage}?handler=revoke", faults, OtherSessionFields(account));

    private static async Task GrantAdminAsync(AppFarm farm, TestAccount account)
    {
        await SubmitOnAccountAsync(farm, farm.B, account, "grant-admin", new());
        foreach (var session in account.Sessions)
        {
            await Wait.UntilAsync(
                async () => (await farm.B.CheckSessionAsync(session, asAdmin: true)).IsAdmin,
                "the session has the role");
        }
    }

    private static AppAction OnAccount(string handler, Func<TestAccount, (string, string)[]>? fields = null) => new(
        $"account-{handler}",
        (farm, node, account, faults) =>
            SubmitOnAccountAsync(farm, node, account, handler, faults, fields?.Invoke(account) ?? []));

    private static Task<ActionReply> SubmitOnAccountAsync(
        AppFarm farm, AppNode node, TestAccount account, string handler, FaultInjector faults,
        params (string, string)[] fields) =>
        ActionForms.SubmitAsync(
            farm.Admin, node, account.AdminPage, $"{account.AdminPage}?handler={handler}", faults, fields);

    private static AppAction OnSessions(string handler, Func<TestAccount, (string, string)[]> fields) => new(
        $"sessions-{handler}",
        (farm, node, account, faults) => ActionForms.SubmitAsync(
            farm.Admin, node, SessionsPage, $"{SessionsPage}?handler={handler}", faults, fields(account)));

    private static (string, string)[] OtherSessionFields(TestAccount account) =>
        [("account", account.Id), ("id", account.OtherHandle)];
}
