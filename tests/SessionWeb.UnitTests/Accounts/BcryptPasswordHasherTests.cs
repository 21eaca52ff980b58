using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.UnitTests.Accounts;

public sealed class BcryptPasswordHasherTests
{
    private static readonly Account AnyAccount = new();

    private readonly BcryptPasswordHasher _hasher = HasherOfCost(10);

    private static BcryptPasswordHasher HasherOfCost(int cost) =>
        new(Options.Create(new AccountOptions { BcryptCost = cost }));

    private PasswordVerificationResult Verify(string hash, string password) =>
        _hasher.VerifyHashedPassword(AnyAccount, hash, password);

    [Fact]
    public void R10_Bytes_after_the_first_72_count()
    {
        var password = string.Concat(Enumerable.Range(0, 8).Select(i => $"{i}234567890"));
        var hash = _hasher.HashPassword(AnyAccount, password);
        Assert.Equal(PasswordVerificationResult.Success, Verify(hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, password[..72] + "junkjunk"));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, password[..72]));
    }

    [Theory]
    [InlineData("before\0after the NUL", "before\0another ending")]
    [InlineData("before\0after the NUL", "before")]
    [InlineData("Correct horse battery", "correct horse battery")]
    [InlineData("correct horse battery", "correct horse battery ")]
    [InlineData(" correct horse battery", "correct horse battery")]
    [InlineData("🐎🔋📎 correct", "🐎🔋📍 correct")]
    [InlineData("caf\u00e9 au lait, fort", "cafe\u0301 au lait, fort")]
    public void R10_Every_character_counts(string password, string other)
    {
        var hash = _hasher.HashPassword(AnyAccount, password);
        Assert.Equal(PasswordVerificationResult.Success, Verify(hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, other));
    }

    [Fact]
    public void Hash_is_bcrypt_of_the_base64_sha384()
    {
        var hash = _hasher.HashPassword(AnyAccount, "correct horse battery");
        Assert.StartsWith("$2b$10$", hash, StringComparison.Ordinal);
        Assert.Equal(60, hash.Length);
        var digest = Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes("correct horse battery")));
        Assert.True(BCrypt.Net.BCrypt.Verify(digest, hash));
    }

    [Theory]
    [InlineData("2a")]
    [InlineData("2y")]
    public void Older_revision_prefix_is_accepted(string revision)
    {
        var hash = _hasher.HashPassword(AnyAccount, "correct horse battery");
        Assert.Equal(PasswordVerificationResult.Success, Verify($"${revision}{hash[3..]}", "correct horse battery"));
    }

    [Fact]
    public void Hash_of_another_cost_verifies_and_needs_rehash()
    {
        var hash = HasherOfCost(11).HashPassword(AnyAccount, "correct horse battery");
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Verify(hash, "correct horse battery"));
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash, "wrong"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("$2b$10$")]
    [InlineData("not a hash")]
    [InlineData("$2b$99$aaaaaaaaaaaaaaaaaaaaaOaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("$2x$10$aaaaaaaaaaaaaaaaaaaaaOaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("$2b$10$aaaaaaaaaaaaaaaaaaaaa!aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("$2b$10$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Malformed_hash_fails_verification(string? hash) =>
        Assert.Equal(PasswordVerificationResult.Failed, Verify(hash!, "correct horse battery"));
}
