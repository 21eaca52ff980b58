using SessionWeb.Administration;
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

    private static async Task<T> ActAsync<T>(AccountsApp app, Func<PasswordActions, string, Task<T>> act)
    {
        var id = (await app.AccountAsync("alice")).Id;
        return await app.WithAsync((PasswordActions a) => act(a, id));
    }

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) => app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    [Fact]
    public async Task R34_Reset_password_ends_every_session_and_unlocks()
    {
        await using var app = await StartAsync();
        var session = await app.StartSessionAsync("alice");
        for (var i = 0; i < 10; i++)
            await app.CheckAsync("alice", "wrong");
        Assert.True((await ActAsync(app, (a, id) => a.ResetAsync(id, "another horse battery", "root"))).Result.Succeeded);
        Assert.Equal(SessionEndReasons.PasswordChanged, (await ReadAsync(app, session)).End?.Reason);
        Assert.True((await app.CheckAsync("alice", "another horse battery")).Succeeded);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task R34_Changed_password_lets_the_caller_start_anew_and_end_the_others()
    {
        await using var app = await StartAsync();
        var old = await app.StartSessionAsync("alice");
        var underWay = await app.CheckAsync("alice", Password);

        var changed = await ActAsync(app, (a, id) => a.ChangeAsync(id, Password, "another horse battery"));

        Assert.True(changed.Result.Succeeded);
        var (outcome, fresh) = await app.TryStartSessionAsync(changed.Check!);
        Assert.Equal(CreateOutcome.Created, outcome);
        Assert.NotNull((await ReadAsync(app, fresh)).Session);
        Assert.Equal(SessionEndReasons.PasswordChanged, (await ReadAsync(app, old)).End?.Reason);
        Assert.Equal(CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(underWay)).Outcome);
        Assert.True((await app.CheckAsync("alice", "another horse battery")).Succeeded);
    }

    [Theory]
    [InlineData("wrong horse battery", "another horse battery", "PasswordMismatch")]
    [InlineData(Password, "short", "PasswordLength")]
    public async Task Password_stays_where_the_current_one_is_wrong_or_the_new_one_too_short(string current, string wanted, string code)
    {
        await using var app = await StartAsync();
        var changed = await ActAsync(app, (a, id) => a.ChangeAsync(id, current, wanted));
        Assert.Equal(code, Assert.Single(changed.Result.Errors).Code);
        Assert.Null(changed.Check);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task Guesses_at_the_current_password_count_as_failed_sign_ins()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < 10; i++)
            await ActAsync(app, (a, id) => a.ChangeAsync(id, "wrong", "another horse battery"));
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
    }
}
