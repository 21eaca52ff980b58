using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

/// <summary>What the table of effects says, for changes that people make of their own accounts and that administrators make.</summary>
public sealed class EffectsTests
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
    public async Task Change_of_ones_own_does_to_the_other_sessions_what_the_table_says(string row, string effect, bool lives, bool refreshed)
    {
        await using var app = await AccountsApp.StartAsync(settings: new() { [$"Sessions:Effects:{row}"] = effect });
        await app.AddAsync("alice", Password);
        var other = await app.StartSessionAsync("alice");
        var own = await app.StartSessionAsync("alice");
        var underWay = await app.CheckAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        var key = new string('A', 32);

        var changed = row == "EmailChanged"
            ? await app.WithAsync((ProfileActions a) => a.ChangeEmailAsync(id, Password, "alice@example.org"))
            : await app.WithAsync((TwoFactorActions a) => a.EnableAsync(id, Password, key, Totp.Code(key), []));
        Assert.True(changed.Result.Succeeded);
        var (outcome, fresh) = await app.TryStartSessionAsync(changed.Check!);
        Assert.Equal(CreateOutcome.Created, outcome);
        Assert.Equal(lives ? 0 : 1, changed.Sessions.Ended);
        Assert.Equal(lives, (await app.WithAsync((ISessionStore s) => s.ReadAsync(own, default))).Session is not null);

        var read = await app.WithAsync((ISessionStore s) => s.ReadAsync(other, default));
        Assert.Equal((lives, refreshed), (read.Session is not null, read.CurrentClaimsVersion is not null));
        Assert.Equal(effect == "ReAuthenticate", read.End?.SignInAgain == true);
        Assert.NotNull((await app.WithAsync((ISessionStore s) => s.ReadAsync(fresh, default))).Session);
        Assert.Equal(lives ? CreateOutcome.Created : CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(underWay)).Outcome);
    }

    [Fact]
    public async Task Second_factor_switched_off_by_an_administrator_ends_every_session_once()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var (id, _, _) = await app.SwitchOnTwoFactorAsync("alice", Password);
        var session = await app.StartSessionAsync("alice");
        Assert.Equal(1, (await app.WithAsync((TwoFactorActions a) => a.DisableForAsync(id, "root")))?.Ended);
        Assert.Equal(
            new SessionEnd(SessionEndReasons.TwoFactorChanged, "root"),
            (await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default))).End! with { At = default });
        Assert.Null(await app.WithAsync((TwoFactorActions a) => a.DisableForAsync(id, "root")));
        Assert.False((await app.CheckAsync("alice", Password)).NeedsCode);
    }
}
