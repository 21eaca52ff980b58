using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Data;
using SessionWeb.SelfService;

namespace SessionWeb.IntegrationTests.Accounts;

/// <summary>Codes of authenticator apps, with a fixed clock.</summary>
public sealed class AuthenticatorCodeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private AccountsApp _app = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _app = await AccountsApp.StartAsync(configure: services => services.AddSingleton<TimeProvider>(_clock));
        await _app.AddAsync("alice", Password);
    }

    [Theory]
    [InlineData("0{0}")]
    [InlineData("00{0}")]
    [InlineData("{0}0")]
    [InlineData("+{0}")]
    [InlineData("-{0}")]
    [InlineData("{0}.")]
    [InlineData("{0}x")]
    [InlineData("\t{0}")]
    [InlineData("\u00a0{0}")]
    [InlineData("\uff10{0}")]
    public async Task B02_Code_with_extra_characters_is_refused(string format)
    {
        await EnableTwoFactorAsync();
        Assert.Equal(SignInRefusal.WrongCode, await RefusalAsync(string.Format(null, format, Code(1))));
        Assert.Null(await RefusalAsync(Code(1)));
    }

    [Theory]
    [InlineData('\u0660')]
    [InlineData('\uff10')]
    public async Task B02_Digits_of_other_scripts_are_refused(char zero)
    {
        await EnableTwoFactorAsync();
        Assert.Equal(
            SignInRefusal.WrongCode,
            await RefusalAsync(string.Concat(Code(1).Select(digit => (char)(digit - '0' + zero)))));
    }

    [Fact]
    public async Task B02_Leading_zeros_are_required()
    {
        await EnableTwoFactorAsync(key => Totp.Code(key, 1, _clock.GetUtcNow())[0] == '0');
        Assert.Equal(SignInRefusal.WrongCode, await RefusalAsync(Code(1)[1..]));
        Assert.Equal(SignInRefusal.WrongCode, await RefusalAsync(Code(1).TrimStart('0')));
        Assert.Null(await RefusalAsync(Code(1)));
    }

    [Fact]
    public async Task B02_Spaces_in_a_code_are_ignored()
    {
        await EnableTwoFactorAsync();
        Assert.Null(await RefusalAsync($"  {Code(1).Insert(3, " ")} "));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task B02_Code_two_steps_away_is_refused(int steps)
    {
        await EnableTwoFactorAsync();
        Assert.Equal(SignInRefusal.WrongCode, await RefusalAsync(Code(steps)));
    }

    [Fact]
    public async Task B02_Code_of_an_earlier_step_than_the_last_is_refused()
    {
        await EnableTwoFactorAsync();
        Assert.Null(await RefusalAsync(Code(1)));
        Assert.Equal(SignInRefusal.UsedCode, await RefusalAsync(Code(0)));
        Assert.Equal(SignInRefusal.UsedCode, await RefusalAsync(Code(1)));
    }

    [Fact]
    public async Task B02_New_key_accepts_a_code_of_the_current_step()
    {
        await EnableTwoFactorAsync();
        Assert.Null(await RefusalAsync(Code(1)));
        var id = (await _app.AccountAsync("alice")).Id;
        Assert.NotNull(await _app.WithAsync((CredentialActions a) => a.DisableTwoFactorAsync(id, "root")));
        await EnableTwoFactorAsync();
        Assert.Null(await RefusalAsync(Code(0)));
    }

    [Fact]
    public async Task B02_Authenticator_key_is_encrypted_at_rest()
    {
        await EnableTwoFactorAsync();
        Assert.DoesNotContain(await ValuesAsync(), value => value!.Contains(_key, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task B02_Authenticator_key_of_another_account_is_refused()
    {
        await EnableTwoFactorAsync();
        await _app.AddAsync("mallory", Password);
        var (alice, mallory) = (await _app.AccountAsync("alice"), await _app.AccountAsync("mallory"));
        var malloryKey = await EnableAsync(mallory.Id, _ => true);
        await _app.WithAsync(
            (AppDbContext d) => d.UserTokens.Where(t => t.UserId == alice.Id && t.Name == "AuthenticatorKey")
            .ExecuteUpdateAsync(set => set.SetProperty(
                    t => t.Value,
                    d.UserTokens.Where(o => o.UserId == mallory.Id && o.Name == "AuthenticatorKey")
                        .Select(o => o.Value).Single())));
        Assert.Equal(SignInRefusal.WrongCode, await RefusalAsync(Totp.Code(malloryKey, 1, _clock.GetUtcNow())));
    }

    private string Code(int steps) => Totp.Code(_key, steps, _clock.GetUtcNow());

    private Task<List<string?>> ValuesAsync() =>
        _app.WithAsync((AppDbContext d) => d.UserTokens.Where(t => t.Value != null).Select(t => t.Value).ToListAsync());

    /// <summary>
    /// Enables two-factor sign-in with the code of the previous step, so that the current code is unused.
    /// </summary>
    private async Task EnableTwoFactorAsync(Func<string, bool>? accepts = null) =>
        _key = await EnableAsync((await _app.AccountAsync("alice")).Id, accepts ?? (_ => true));

    private async Task<string> EnableAsync(string id, Func<string, bool> accepts)
    {
        string key;
        do
            key = await _app.WithAsync((TwoFactorCodes c) => Task.FromResult(c.NewKey()));
        while (!accepts(key));
        var code = Totp.Code(key, -1, _clock.GetUtcNow());
        Assert.True((await _app.WithAsync(
            (OwnTwoFactor a) => a.EnableAsync(id, Password, key, code, []))).Result.Succeeded);
        return key;
    }

    private async Task<SignInRefusal?> RefusalAsync(string code)
    {
        var check = await _app.CheckAsync("alice", Password);
        Assert.True(check.NeedsCode);
        return (await _app.WithAsync((SignInCode s) => s.CheckAsync(PendingSignIn.Of(check, false), code))).Refusal;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
