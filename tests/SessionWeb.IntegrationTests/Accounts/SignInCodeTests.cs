using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Data;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Accounts;

public sealed class SignInCodeTests
{
    /// <summary>An account with two-factor sign-in. The code of the current step is already used.</summary>
    private static async Task<(AccountsApp App, string Id, string Key, IReadOnlyList<string> Recovery)> StartAsync(
        Dictionary<string, string?>? settings = null)
    {
        var app = await AccountsApp.StartAsync(settings: settings);
        await app.AddAsync("alice", Password);
        var (id, key, recovery) = await app.EnableTwoFactorAsync("alice", Password);
        return (app, id, key, recovery);
    }

    private static async Task<PendingSignIn> PendingAsync(AccountsApp app)
    {
        var check = await app.CheckAsync("alice", Password);
        Assert.True(check.Succeeded && check.NeedsCode);
        return PendingSignIn.Of(check, false);
    }

    private static Task<SignInCheck> CheckAsync(AccountsApp app, PendingSignIn pending, string code) =>
        app.WithAsync((SignInCode s) => s.CheckAsync(pending, code));

    [Fact]
    public async Task Right_code_keeps_the_generation_of_the_password_check()
    {
        var (app, _, key, _) = await StartAsync();
        await using var _ = app;
        await app.ChangeAsync("alice", a => a.LastSignInAt = null);
        var pending = await PendingAsync(app);
        Assert.Null((await app.AccountAsync("alice")).LastSignInAt);
        var check = await CheckAsync(app, pending, $" {Totp.Code(key, 1).Insert(3, " ")}");
        Assert.True(check.Succeeded);
        Assert.Equal(pending.Generation, check.Generation);
        Assert.NotNull((await app.AccountAsync("alice")).LastSignInAt);
        Assert.Equal(CreateOutcome.Created, (await app.TryStartSessionAsync(check)).Outcome);
    }

    [Fact]
    public async Task Code_cannot_be_reused_after_setup_or_sign_in()
    {
        var (app, _, key, _) = await StartAsync();
        await using var _ = app;
        var (earlier, code) = (Totp.Code(key), Totp.Code(key, 1));
        Assert.True((await CheckAsync(app, await PendingAsync(app), code)).Succeeded);
        Assert.Equal(SignInRefusal.UsedCode, (await CheckAsync(app, await PendingAsync(app), code)).Refusal);
        Assert.Equal(SignInRefusal.UsedCode, (await CheckAsync(app, await PendingAsync(app), earlier)).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Concurrent_sign_ins_with_one_code_succeed_once(bool recovery)
    {
        var (app, _, key, codes) = await StartAsync();
        await using var _ = app;
        var code = recovery ? codes[0] : Totp.Code(key, 1);
        var pending = await PendingAsync(app);
        var checks = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => CheckAsync(app, pending, code))));
        Assert.Single(checks, check => check.Succeeded);
        Assert.All(
            checks.Where(check => !check.Succeeded),
            check => Assert.True(check.Refusal is SignInRefusal.UsedCode or SignInRefusal.WrongCode));
    }

    [Fact]
    public async Task Recovery_code_works_once_and_is_stored_as_a_hash()
    {
        var (app, id, _, codes) = await StartAsync();
        await using var _ = app;
        var stored = string.Join(
            '\n', await app.WithAsync((AppDbContext d) => d.UserTokens.Select(t => t.Name + t.Value).ToListAsync()));
        Assert.All(
            codes,
            code => Assert.False(stored.Contains(code, StringComparison.Ordinal)
                || stored.Contains(code.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal)));
        Assert.Equal(10, codes.Distinct().Count());
        Assert.True(
            (await CheckAsync(app, await PendingAsync(app), codes[3].ToLowerInvariant().Replace('-', ' '))).Succeeded);
        Assert.False((await CheckAsync(app, await PendingAsync(app), codes[3])).Succeeded);
        Assert.True((await CheckAsync(app, await PendingAsync(app), codes[4])).Succeeded);
        Assert.Equal(8, await app.WithAsync((TwoFactorCodes c) => c.CountRecoveryCodesAsync(id)));
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_despite_the_right_password()
    {
        var (app, _, key, codes) = await StartAsync();
        await using var _ = app;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(
                SignInRefusal.WrongCode, (await CheckAsync(app, await PendingAsync(app), Totp.Wrong(key))).Refusal);
        }

        Assert.Equal(SignInRefusal.Locked, (await app.CheckAsync("alice", Password)).Refusal);
        await app.ChangeAsync("alice", a => a.LockoutEnd = null);
        var pending = await PendingAsync(app);
        await app.ChangeAsync("alice", a => a.LockoutEnd = DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(SignInRefusal.Locked, (await CheckAsync(app, pending, codes[0])).Refusal);
        await app.ChangeAsync("alice", a => a.LockoutEnd = null);
        Assert.True((await CheckAsync(app, pending, codes[0])).Succeeded);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("password")]
    [InlineData("sign-out")]
    [InlineData("two-factor")]
    public async Task Account_change_between_password_and_code_ends_the_sign_in(string change)
    {
        // Holds also when no effect raises the generation.
        var (app, id, _, codes) = await StartAsync(
            new() { ["Sessions:Effects:PasswordReset"] = "Keep", ["Sessions:Effects:TwoFactorChanged"] = "Keep" });
        await using var _ = app;
        var pending = await PendingAsync(app);
        if (change == "disable")
        {
            await app.WithAsync((AccountActions a) => a.DisableAsync(id, "root"));
            await app.WithAsync((AccountActions a) => a.EnableAsync(id));
        }
        else if (change == "password")
        {
            await app.WithAsync((CredentialActions a) => a.ResetPasswordAsync(id, "another horse battery", "root"));
        }
        else if (change == "sign-out")
        {
            await app.WithAsync((AccountActions a) => a.SignOutEverywhereAsync(id, "root"));
        }
        else
        {
            await app.WithAsync((CredentialActions a) => a.DisableTwoFactorAsync(id, "root"));
        }

        Assert.Equal(SignInRefusal.Overtaken, (await CheckAsync(app, pending, codes[0])).Refusal);
    }

    [Fact]
    public async Task Wrong_code_or_password_does_not_enable_two_factor()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        var key = await app.WithAsync((TwoFactorCodes c) => Task.FromResult(c.NewKey()));
        Assert.Equal("InvalidToken", (await EnableAsync(Password, Totp.Wrong(key))).Result.Errors.Single().Code);
        Assert.Equal("PasswordMismatch", (await EnableAsync("wrong", Totp.Code(key))).Result.Errors.Single().Code);
        Assert.Equal(
            (false, 0L),
            ((await app.AccountAsync("alice")).TwoFactorEnabled, (await app.AccountAsync("alice")).Generation));
        Assert.Empty(await app.WithAsync((AppDbContext d) => d.UserTokens.ToListAsync()));
        Assert.False((await app.CheckAsync("alice", Password)).NeedsCode);

        Task<OwnAccountChange> EnableAsync(string password, string code) =>
            app.WithAsync((OwnTwoFactor a) => a.EnableAsync(id, password, key, code, []));
    }
}
