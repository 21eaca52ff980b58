using Microsoft.Extensions.Options;
using SessionWeb.Sessions;
using SessionWeb.Sessions.DependencyInjection;

namespace SessionWeb.UnitTests.Library;

public sealed class SessionsOptionsValidationTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.True(Validate(new()).Succeeded);

    public static TheoryData<string, SessionsOptions> InvalidOptions => new()
    {
        { "Sessions:IdleTimeout must be between 00:00:01 and 365.00:00:00", new() { IdleTimeout = TimeSpan.Zero } },
        { "Sessions:AbsoluteTimeout must be", new() { AbsoluteTimeout = TimeSpan.FromSeconds(-1) } },
        { "Sessions:RememberMe must be", new() { RememberMe = TimeSpan.FromDays(400) } },
        {
            "Sessions:FormerIdGrace must be between 00:00:00 and 00:01:00",
            new() { FormerIdGrace = TimeSpan.FromMinutes(2) }
        },
        { "Sessions:StoreTimeout must be", new() { StoreTimeout = TimeSpan.FromMinutes(1) } },
        {
            "Sessions:MaxPerAccount must be a whole number between 1 and 10000, but was 0.",
            new() { MaxPerAccount = 0 }
        },
        { "Sessions:MaxStreamsPerSession must be a whole number between 1", new() { MaxStreamsPerSession = 0 } },
        { "Sessions:MaxStreamsPerAccount must be a whole number", new() { MaxStreamsPerAccount = 100_001 } },
        { "Sessions:WhenFull must be SignOutOldest or RefuseNew, but was 7.", new() { WhenFull = (WhenFull)7 } },
        { "Sessions:Lease must be between 00:00:01 and 00:00:30", new() { Lease = TimeSpan.FromMinutes(1) } },
        { "Sessions:NearCacheSize must be a whole number between 256 and 10000000", new() { NearCacheSize = 5 } },
        { "Sessions:NodeName must be a name, but was empty.", new() { NodeName = "" } },
        { "Sessions:SignedOutPath must be a path", new() { SignedOutPath = "" } },
        { "Sessions:AccountIdClaimType must be a claim type", new() { AccountIdClaimType = "" } },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public void Error_names_the_setting_and_the_accepted_values(string message, SessionsOptions options) =>
        Assert.StartsWith(message, Assert.Single(Validate(options).Failures!), StringComparison.Ordinal);

    private static ValidateOptionsResult Validate(SessionsOptions options) =>
        new SessionsOptionsValidation().Validate(null, options);
}
