using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>What users do to their own accounts and sessions.</summary>
internal static class OwnActions
{
    private const string Devices = "/account/sessions";
    private const string TwoFactor = "/account/two-factor";

    public static IReadOnlyList<AppAction> All { get; } =
    [
        Own("own-logout", Devices, "/account/logout", _ => []) with { Concerns = subject => [subject.OwnSession] },
        Own("own-revoke", Devices, $"{Devices}?handler=revoke", subject => [("id", subject.OtherHandle)]) with
        {
            Concerns = AdminActions.Other,
        },
        Own("own-revoke-others", Devices, $"{Devices}?handler=revoke-others", _ => []) with
        {
            Concerns = AdminActions.Other,
        },
        Renewing(Own("own-password", "/account/password", "/account/password", PasswordFields)),
        Renewing(Own("own-email", "/account/profile", "/account/profile", EmailFields)),
        Renewing(new("own-enable-two-factor", EnableTwoFactorAsync) { AllowsSignIn = false }),
        Renewing(Own("own-disable-two-factor", TwoFactor, $"{TwoFactor}?handler=disable", CurrentPassword)) with
        {
            PrepareAsync = AdminActions.RequireCodeAsync,
        },
        new AppAction("session-limit", SignInAsync)
        {
            PrepareAsync = FillAsync,
            Concerns = subject => [subject.OwnSession],
            AllowsSignIn = false,
            IsRecorded = false,
        },
    ];

    private static AppAction Renewing(AppAction action) =>
        action with { Concerns = AdminActions.Other, RenewsOwn = true };

    private static AppAction Own(string name, string page, string target, Func<Subject, (string, string)[]> fields) =>
        new(name, (_, node, subject, interference) =>
            Forms.SubmitAsync(subject.Own, node, page, target, interference, fields(subject)));

    private static (string, string)[] CurrentPassword(Subject subject) => [("Input.CurrentPassword", subject.Password)];

    private static (string, string)[] PasswordFields(Subject subject)
    {
        var current = CurrentPassword(subject);
        subject.Password = Subject.NextPassword;
        return [.. current, ("Input.NewPassword", subject.Password), ("Input.ConfirmPassword", subject.Password)];
    }

    private static (string, string)[] EmailFields(Subject subject) =>
        [("Input.Email", $"{subject.Name}@example.com"), .. CurrentPassword(subject)];

    private static async Task<Said> EnableTwoFactorAsync(
        AppScene scene, AppNode node, Subject subject, Interference interference)
    {
        var page = await subject.Own.GetAsync(node, TwoFactor);
        return await Forms.SubmitAsync(
            subject.Own, node, TwoFactor, $"{TwoFactor}?handler=enable", interference,
            ("Input.Setup", Authenticator.SetupOf(page.Body)), ("Input.Code", Authenticator.CodeOf(page.Body)),
            ("Input.CurrentPassword", subject.Password));
    }

    /// <summary>One session more than an account may have: the oldest ends.</summary>
    private static Task<Said> SignInAsync(AppScene scene, AppNode node, Subject subject, Interference interference) =>
        Forms.SubmitAsync(
            scene.NewBrowser(), node, "/account/login", "/account/login", interference,
            ("Input.UserName", subject.Name), ("Input.Password", subject.Password));

    private static async Task FillAsync(AppScene scene, Subject subject)
    {
        while (subject.Sessions.Count < AppScene.MaxSessions)
        {
            var browser = scene.NewBrowser();
            await browser.SignInAsync(scene.B, subject.Name, subject.Password);
            subject.Sessions = [.. subject.Sessions, browser.Session];
        }
    }
}
