using SessionWeb.Sessions;

namespace SessionWeb.Tests;

public sealed class SessionTokenTests
{
    private const int SecretStart = 16;

    [Fact]
    public void R03_Ten_thousand_tokens_of_an_account_are_ten_thousand_secrets_of_256_bits()
    {
        var account = AccountTag.For("account");
        var tokens = Enumerable.Range(0, 10_000).Select(_ => SessionToken.New(account)).ToList();

        Assert.Equal(tokens.Count, tokens.Select(token => Convert.ToHexString(token.Bytes[SecretStart..])).Distinct().Count());
        Assert.Equal(tokens.Count, tokens.Select(token => token.Key.Hash).Distinct().Count());
        Assert.All(tokens, token => Assert.Equal(SecretStart + 32, token.Bytes.Length));
        // Each of the 256 bits is as often set as not: six standard deviations.
        for (var bit = 0; bit < 256; bit++)
            Assert.InRange(tokens.Count(token => (token.Bytes[SecretStart + (bit / 8)] >> (bit % 8) & 1) == 1), 4700, 5300);
    }
}
