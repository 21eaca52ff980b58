using SessionWeb.Administration;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class PasswordActionsTests
{
    private static async Task<AccountsApp> StartAsync()
    {
        var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        return app;
    }

    private static async Task<OwnAccountChange> ChangeAsync(AccountsApp app, string current, string next)
    {
        var id = (await app.AccountAsync("alice")).Id;
        return await app.WithAsync((OwnPassword own) => own.ChangeAsync(id, current, next));
    }

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) =>
        app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    [Fact]
    public async Task R34_Password_reset_ends_every_session_and_unlocks()
    {
        await using var app = await StartAsync();
        var session = await app.StartSessionAsync("alice");
        for (var i = 0; i < 10; i++)
            await app.CheckAsync("alice", "wrong");
        var id = (await app.AccountAsync("alice")).Id;
        var reset = await app.WithAsync(
            (CredentialActions a) => a.ResetPasswordAsync(id, "another horse battery", "root"));
        Assert.True(reset.Result.Succeeded);
        Assert.Equal(SessionEndReasons.PasswordChanged, (await ReadAsync(app, session)).End?.Reason);
        Assert.True((await app.CheckAsync("alice", "another horse battery")).Succeeded);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task R34_Password_change_ends_the_other_sessions()
    {
        await using var app = await StartAsync();
        var previous = await app.StartSessionAsync("alice");
        var earlierCheck = await app.CheckAsync("alice", Password);

        var changed = await ChangeAsync(app, Password, "another horse battery");

        Assert.True(changed.Result.Succeeded);
        var (outcome, replacement) = await app.TryStartSessionAsync(changed.Check!);
        Assert.Equal(CreateOutcome.Created, outcome);
        Assert.NotNull((await ReadAsync(app, replacement)).Session);
        Assert.Equal(SessionEndReasons.PasswordChanged, (await ReadAsync(app, previous)).End?.Reason);
        Assert.Equal(CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(earlierCheck)).Outcome);
        Assert.True((await app.CheckAsync("alice", "another horse battery")).Succeeded);
    }

    [Theory]
    [InlineData("wrong horse battery", "another horse battery", "PasswordMismatch")]
    [InlineData(Password, "short", "PasswordLength")]
    public async Task Invalid_password_change_keeps_the_old_password(string current, string newPassword, string code)
    {
        await using var app = await StartAsync();
        var changed = await ChangeAsync(app, current, newPassword);
        Assert.Equal(code, Assert.Single(changed.Result.Errors).Code);
        Assert.Null(changed.Check);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task Wrong_current_passwords_count_as_failed_sign_ins()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 10; i++)
            await ChangeAsync(app, "wrong", "another horse battery");
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
    }
}
