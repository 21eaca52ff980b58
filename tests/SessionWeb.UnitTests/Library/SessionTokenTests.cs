using SessionWeb.Sessions;
using SessionWeb.Sessions.Http;

namespace SessionWeb.UnitTests.Library;

public sealed class SessionTokenTests
{
    private const int SecretStart = 16;

    [Fact]
    public void R03_Tokens_have_unique_random_secrets_of_256_bits()
    {
        var account = AccountTag.For("account");
        var tokens = Enumerable.Range(0, 10_000).Select(_ => SessionToken.New(account)).ToList();

        Assert.Equal(
            tokens.Count, tokens.Select(token => Convert.ToHexString(token.Bytes[SecretStart..])).Distinct().Count());
        Assert.Equal(tokens.Count, tokens.Select(token => token.Key.Hash).Distinct().Count());
        Assert.All(tokens, token => Assert.Equal(SecretStart + 32, token.Bytes.Length));
        // Each bit is set in half of the tokens, within six standard deviations.
        for (var bit = 0; bit < 256; bit++)
        {
            Assert.InRange(
                tokens.Count(token => (token.Bytes[SecretStart + (bit / 8)] >> (bit % 8) & 1) == 1), 4700, 5300);
        }
    }

    [Fact]
    public void B15_Renewed_token_has_a_new_secret_and_the_same_handle()
    {
        var token = SessionToken.New(AccountTag.For("account"));
        var renewed = SessionToken.Renew(token.Key);
        var again = SessionToken.Renew(renewed.Key);

        foreach (var next in new[] { renewed, again })
        {
            Assert.True(SessionToken.TryParse(next.Bytes.ToArray(), out var parsed));
            Assert.Equal(next.Key, parsed.Key);
            Assert.Equal((token.Key.Account, token.Key.Handle), (parsed.Key.Account, parsed.Key.Handle));
            Assert.True(parsed.Key.IsWellFormed);
        }
        Assert.Equal(3, new[] { token, renewed, again }.Select(t => t.Key.Hash).Distinct().Count());
        Assert.Equal(
            3,
            new[] { token, renewed, again }
                .Select(t => Convert.ToHexString(t.Bytes.Slice(SecretStart, 32))).Distinct().Count());
        Assert.False(SessionToken.TryParse(renewed.Bytes[..^1].ToArray(), out _));
    }
}
