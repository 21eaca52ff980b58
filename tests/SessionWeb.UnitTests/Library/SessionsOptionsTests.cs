using Microsoft.Extensions.Options;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Library;

public sealed class SessionsOptionsTests
{
    [Fact]
    public void Defaults_make_sense() => Assert.True(Validate(new()).Succeeded);

    public static TheoryData<string, SessionsOptions> Nonsense => new()
    {
        { "Sessions:IdleTimeout is 00:00:00; it takes a duration from 00:00:01 to 365.00:00:00", new() { IdleTimeout = TimeSpan.Zero } },
        { "Sessions:AbsoluteTimeout is -", new() { AbsoluteTimeout = TimeSpan.FromSeconds(-1) } },
        { "Sessions:RememberMe is 400.00:00:00", new() { RememberMe = TimeSpan.FromDays(400) } },
        { "Sessions:FormerIdGrace is 00:02:00; it takes a duration from 00:00:00 to 00:01:00", new() { FormerIdGrace = TimeSpan.FromMinutes(2) } },
        { "Sessions:StoreTimeout is 00:01:00", new() { StoreTimeout = TimeSpan.FromMinutes(1) } },
        { "Sessions:MaxPerAccount is 0; it takes a whole number from 1 to 10000", new() { MaxPerAccount = 0 } },
        { "Sessions:MaxStreamsPerSession is 0; it takes a whole number from 1 to 100000", new() { MaxStreamsPerSession = 0 } },
        { "Sessions:MaxStreamsPerAccount is 100001; it takes a whole number", new() { MaxStreamsPerAccount = 100_001 } },
        { "Sessions:WhenFull is 7; it takes SignOutOldest or RefuseNew", new() { WhenFull = (WhenFull)7 } },
        { "Sessions:Lease is 00:01:00; it takes a duration from 00:00:01 to 00:00:30", new() { Lease = TimeSpan.FromMinutes(1) } },
        { "Sessions:NearCacheSize is 5; it takes a whole number from 256 to 10000000", new() { NearCacheSize = 5 } },
        { "Sessions:NodeName is empty", new() { NodeName = "" } },
        { "Sessions:SignedOutPath is empty", new() { SignedOutPath = "" } },
        { "Sessions:AccountIdClaimType is empty", new() { AccountIdClaimType = "" } },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Setting_that_makes_no_sense_is_named_with_what_it_accepts(string sentence, SessionsOptions options) =>
        Assert.StartsWith(sentence, Assert.Single(Validate(options).Failures!), StringComparison.Ordinal);

    private static ValidateOptionsResult Validate(SessionsOptions options) => new SessionsOptions.Validation().Validate(null, options);
}
