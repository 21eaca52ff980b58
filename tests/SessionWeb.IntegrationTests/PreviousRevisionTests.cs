using System.Buffers.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests;

/// <summary>Data that revision 3e95a5e wrote stays valid (Fixtures/README.md).</summary>
public sealed class PreviousRevisionTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string AlicePassword = "correct horse battery alice";
    private const string BobKey = "BMXAYS6PRWXHALP3CBKEMZAAZS6JTLA4";
    private const string BobRecoveryCode = "UX7G-K627-KUYC-FCPE-K4ZE-7TT7";

    private const string SessionCookie =
        "CfDJ8A1EG4zR9IJNjTXDfBh-zQ3CvvxjmKmDv_WPtAP_zIw24nzTmjBTgopcDdNiMxjLVzXcQpuNZxRnpgmOHgtXgO2FXvUnpJtO"
        + "f0b_JSTDKQO7s5HQQ62tLAwHS_sJuztjbHRHlrt2sPdFeM0rIJ2d0FVi1BD-1_35BLWMgBxT41yUZc2PZXKnBQ5bFOSxOXvKEQ";

    [Fact]
    public async Task Previous_key_ring_in_Redis_unprotects_cookies()
    {
        var list = $"keys-{Guid.NewGuid():N}";
        await (await redis.ConnectAsync()).ListRightPushAsync(
            list, await File.ReadAllTextAsync(Path.Combine(Repository.Fixtures, "key.xml")));
        var services = new ServiceCollection();
        services.AddOptions<SessionsOptions>();
        services.AddDataProtection().SetApplicationName("SessionWeb").PersistKeysToRedis(redis.Configuration, list);
        await using var provider = services.BuildServiceProvider();

        var protector = provider.GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("SessionWeb.Sessions", "Cookie", "v1");
        Assert.Equal(48, protector.Unprotect(Base64Url.DecodeFromChars(SessionCookie)).Length);
    }

    [Theory]
    [InlineData("authenticator")]
    [InlineData("recovery code")]
    public async Task Previous_accounts_database_signs_in(string secondFactor)
    {
        using var directory = new TemporaryDirectory();
        var data = Directory.CreateDirectory(Path.Combine(directory.FullPath, "data")).FullName;
        File.Copy(Path.Combine(Repository.Fixtures, "accounts.db"), Path.Combine(data, "sessionweb.db"));
        await using var app = await AccountsApp.StartAsync("Development", directory.FullPath);

        Assert.True((await app.CheckAsync("alice", AlicePassword)).Succeeded);
        var bob = await app.CheckAsync("bob", "correct horse battery bob");
        Assert.True(bob.NeedsCode);
        var code = secondFactor == "authenticator" ? Totp.Code(BobKey) : BobRecoveryCode;
        Assert.True(
            (await app.WithAsync((SignInCode c) => c.CheckAsync(PendingSignIn.Of(bob, false), code))).Succeeded);
        Assert.NotEqual(0, await app.WithAsync((AppDbContext d) => d.AuditEntries.CountAsync()));
    }

    [Fact]
    public async Task B02_Plaintext_authenticator_key_is_encrypted_when_used()
    {
        using var directory = new TemporaryDirectory();
        var data = Directory.CreateDirectory(Path.Combine(directory.FullPath, "data")).FullName;
        File.Copy(Path.Combine(Repository.Fixtures, "accounts.db"), Path.Combine(data, "sessionweb.db"));
        await using var app = await AccountsApp.StartAsync("Development", directory.FullPath);
        var bob = await app.CheckAsync("bob", "correct horse battery bob");
        Assert.True((await CheckAsync(Totp.Code(BobKey))).Succeeded);
        Assert.False(await app.WithAsync((AppDbContext d) => d.UserTokens.AnyAsync(t => t.Value!.Contains(BobKey))));
        Assert.True((await CheckAsync(Totp.Code(BobKey, 1))).Succeeded);

        Task<SignInCheck> CheckAsync(string code) =>
            app.WithAsync((SignInCode c) => c.CheckAsync(PendingSignIn.Of(bob, false), code));
    }
}
