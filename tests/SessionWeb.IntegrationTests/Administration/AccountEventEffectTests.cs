using SessionWeb.Administration;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

/// <summary>The configured effects of account events, for changes by the user and by an administrator.</summary>
public sealed class AccountEventEffectTests
{
    [Theory]
    [InlineData("EmailChanged", "Keep", true, false)]
    [InlineData("EmailChanged", "RefreshClaims", true, true)]
    [InlineData("EmailChanged", "ReAuthenticate", false, false)]
    [InlineData("EmailChanged", "Revoke", false, false)]
    [InlineData("TwoFactorChanged", "Keep", true, false)]
    [InlineData("TwoFactorChanged", "RefreshClaims", true, true)]
    [InlineData("TwoFactorChanged", "ReAuthenticate", false, false)]
    [InlineData("TwoFactorChanged", "Revoke", false, false)]
    public async Task Users_own_change_has_the_configured_effect(string row, string effect, bool isValid, bool isStale)
    {
        await using var app = await AccountsApp.StartAsync(settings: new() { [$"Sessions:Effects:{row}"] = effect });
        await app.AddAsync("alice", Password);
        var other = await app.StartSessionAsync("alice");
        var current = await app.StartSessionAsync("alice");
        var earlierCheck = await app.CheckAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        var key = new string('A', 32);

        var changed = row == "EmailChanged"
            ? await app.WithAsync((OwnEmail a) => a.ChangeAsync(id, Password, "alice@example.org"))
            : await app.WithAsync((OwnTwoFactor a) => a.EnableAsync(id, Password, key, Totp.Code(key), []));
        Assert.True(changed.Result.Succeeded);
        var (outcome, replacement) = await app.TryStartSessionAsync(changed.Check!);
        Assert.Equal(CreateOutcome.Created, outcome);
        Assert.Equal(isValid ? 0 : 1, changed.Sessions.Ended);
        Assert.Equal(
            isValid, (await app.WithAsync((ISessionStore s) => s.ReadAsync(current, default))).Session is not null);

        var read = await app.WithAsync((ISessionStore s) => s.ReadAsync(other, default));
        Assert.Equal((isValid, isStale), (read.Session is not null, read.CurrentClaimsVersion is not null));
        Assert.Equal(effect == "ReAuthenticate", read.End?.SignInAgain == true);
        Assert.NotNull((await app.WithAsync((ISessionStore s) => s.ReadAsync(replacement, default))).Session);
        Assert.Equal(
            isValid ? CreateOutcome.Created : CreateOutcome.StaleGeneration,
            (await app.TryStartSessionAsync(earlierCheck)).Outcome);
    }

    [Fact]
    public async Task Two_factor_disabled_by_an_administrator_ends_sessions()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var (id, _, _) = await app.EnableTwoFactorAsync("alice", Password);
        var session = await app.StartSessionAsync("alice");
        Assert.Equal(1, (await app.WithAsync((CredentialActions a) => a.DisableTwoFactorAsync(id, "root")))?.Ended);
        Assert.Equal(
            new SessionEnd(SessionEndReasons.TwoFactorChanged, "root"),
            (await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default))).End! with { At = default });
        Assert.Null(await app.WithAsync((CredentialActions a) => a.DisableTwoFactorAsync(id, "root")));
        Assert.False((await app.CheckAsync("alice", Password)).NeedsCode);
    }
}
