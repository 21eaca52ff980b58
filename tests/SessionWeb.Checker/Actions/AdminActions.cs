using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>What administrators do on pages.</summary>
internal static class AdminActions
{
    private const string SessionsPage = "/admin/sessions";

    public static IReadOnlyList<AppAction> All { get; } =
    [
        OnAccount("disable") with { AllowsSignIn = false },
        OnAccount("delete", _ => [("sure", "true")]) with { AllowsSignIn = false },
        OnAccount("enable") with { PrepareAsync = DisableAsync },
        OnAccount("grant-admin") with { ShowsChange = (_, sight) => sight.IsAdmin },
        OnAccount("take-admin") with { PrepareAsync = GrantAsync, ShowsChange = (_, sight) => !sight.IsAdmin },
        OnAccount("reset-password", subject => [("Input.Password", subject.Password = Subject.NextPassword)]),
        OnAccount("rename", subject => [("Input.UserName", subject.NextName)]) with
        {
            ShowsChange = (subject, sight) => sight.Name == subject.NextName,
            AllowsSignIn = false,
        },
        OnAccount("change-email", subject => [("Input.Email", $"{subject.Name}@example.com")]),
        OnAccount("disable-two-factor") with { PrepareAsync = RequireCodeAsync },
        OnAccount("sign-out"),
        OnAccount("revoke", subject => [("session", subject.OtherHandle)]) with { Concerns = Other },
        OnSessions("revoke", OtherFields) with { Concerns = Other },
        new AppAction("sessions-revoke-twice", RevokeTwiceAsync) { Concerns = Other },
        OnSessions("revoke-selected", subject => [("ids", $"{subject.Id}:{subject.OtherHandle}")]) with
        {
            Concerns = Other,
        },
        OnSessions("revoke-account", subject => [("account", subject.Id)]),
        OnSessions("revoke-everyone", _ => [("sure", "true")]),
    ];

    public static IEnumerable<string> Other(Subject subject) => [subject.OtherSession];

    public static Task RequireCodeAsync(AppScene scene, Subject subject)
    {
        scene.Accounts.RequireCode(subject.Id);
        return Task.CompletedTask;
    }

    /// <summary>The account has no sessions then.</summary>
    public static async Task DisableAsync(AppScene scene, Subject subject)
    {
        await Forms.SubmitAsync(scene.Admin, scene.B, subject.Page, $"{subject.Page}?handler=disable", new());
        subject.Sessions = [];
    }

    private static async Task GrantAsync(AppScene scene, Subject subject)
    {
        await Forms.SubmitAsync(scene.Admin, scene.B, subject.Page, $"{subject.Page}?handler=grant-admin", new());
        foreach (var session in subject.Sessions)
            await Wait.ForAsync(
                async () => (await scene.B.LookAsync(session, asAdmin: true)).IsAdmin, "the session has the role");
    }

    private static AppAction OnAccount(string handler, Func<Subject, (string, string)[]>? fields = null) => new(
        $"account-{handler}",
        (scene, node, subject, interference) => Forms.SubmitAsync(
            scene.Admin, node, subject.Page, $"{subject.Page}?handler={handler}", interference,
            fields?.Invoke(subject) ?? []));

    private static AppAction OnSessions(string handler, Func<Subject, (string, string)[]> fields) => new(
        $"sessions-{handler}",
        (scene, node, subject, interference) => Forms.SubmitAsync(
            scene.Admin, node, SessionsPage, $"{SessionsPage}?handler={handler}", interference, fields(subject)));

    private static (string, string)[] OtherFields(Subject subject) =>
        [("account", subject.Id), ("id", subject.OtherHandle)];

    /// <summary>A second administrator revokes the session while the first revocation still waits for nodes.</summary>
    private static async Task<Said> RevokeTwiceAsync(
        AppScene scene, AppNode node, Subject subject, Interference interference)
    {
        var another = await scene.NewAdminAsync();
        var recorded = scene.Accounts.RevocationsOf(subject.AccountTag);
        var first = RevokeAsync(another, new InterferenceBegin(interference));
        while (!first.IsCompleted && scene.Accounts.RevocationsOf(subject.AccountTag) == recorded)
            await Task.Delay(5);
        try
        {
            return await RevokeAsync(scene.Admin, new InterferenceEnd(interference));
        }
        finally
        {
            await first.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Task<Said> RevokeAsync(Browser admin, Interference part) => Forms.SubmitAsync(
            admin, node, SessionsPage, $"{SessionsPage}?handler=revoke", part, OtherFields(subject));
    }

    private sealed class InterferenceBegin(Interference whole) : Interference
    {
        public override bool HasKilled => whole.HasKilled;

        public override void Begin(Proxy proxy, Action kill) => whole.Begin(proxy, kill);
    }

    private sealed class InterferenceEnd(Interference whole) : Interference
    {
        public override bool HasKilled => whole.HasKilled;

        public override void End() => whole.End();
    }
}
