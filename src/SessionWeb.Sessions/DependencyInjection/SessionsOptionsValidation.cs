using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.DependencyInjection;

/// <summary>Validates <see cref="SessionsOptions"/> at startup.</summary>
internal sealed class SessionsOptionsValidation : IValidateOptions<SessionsOptions>
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var errors = new[]
        {
            Duration(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), Year),
            Duration(nameof(options.AbsoluteTimeout), options.AbsoluteTimeout, TimeSpan.FromSeconds(1), Year),
            Duration(nameof(options.RememberMe), options.RememberMe, TimeSpan.FromSeconds(1), Year),
            Duration(nameof(options.FormerIdGrace), options.FormerIdGrace, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            Duration(
                nameof(options.StoreTimeout), options.StoreTimeout, TimeSpan.FromMilliseconds(10),
                TimeSpan.FromSeconds(30)),
            Duration(nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
            Number(nameof(options.MaxStreamsPerSession), options.MaxStreamsPerSession, 1, 100_000),
            Number(nameof(options.MaxStreamsPerAccount), options.MaxStreamsPerAccount, 1, 100_000),
            Number(nameof(options.NearCacheSize), options.NearCacheSize, 256, 10_000_000),
            Number(nameof(options.MaxPerAccount), options.MaxPerAccount, 1, 10_000),
            Enum.IsDefined(options.WhenFull)
                ? null
                : $"Sessions:WhenFull must be SignOutOldest or RefuseNew, but was {options.WhenFull}.",
            string.IsNullOrEmpty(options.NodeName) ? "Sessions:NodeName must be a name, but was empty." : null,
            options.SignedOutPath.HasValue
                ? null
                : "Sessions:SignedOutPath must be a path such as /account/signed-out, but was empty.",
            string.IsNullOrEmpty(options.AccountIdClaimType)
                ? "Sessions:AccountIdClaimType must be a claim type such as sub, but was empty."
                : null,
        };
        var found = errors.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? Number(string setting, int value, int min, int max) =>
        value >= min && value <= max
            ? null
            : $"Sessions:{setting} must be a whole number between {min} and {max}, but was {value}.";

    private static string? Duration(string setting, TimeSpan value, TimeSpan min, TimeSpan max) =>
        value >= min && value <= max
            ? null
            : $"Sessions:{setting} must be between {min} and {max} (days.hours:minutes:seconds), but was {value}.";
}
