using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions;

/// <summary>How sessions live and end. Checked at start: a value that makes no sense stops it.</summary>
public sealed class SessionsOptions
{
    /// <summary>How long a session lives without being used. Default 30 minutes; a second to a year. (ASVS 7.3.1)</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session lives at most. Default 12 hours; a second to a year. (ASVS 7.3.2)</summary>
    public TimeSpan AbsoluteTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long the session of a person who asked to be remembered lives, used or not. Default 30 days; a second to a year.</summary>
    public TimeSpan RememberMe { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many live sessions an account may have. Default 10; 1 to 10,000. (ASVS 7.1.2)</summary>
    public int MaxPerAccount { get; set; } = 10;

    /// <summary>What happens at a sign-in beyond <see cref="MaxPerAccount"/>. Default <see cref="WhenFull.SignOutOldest"/>.</summary>
    public WhenFull WhenFull { get; set; }

    /// <summary>
    /// How long a session's former id is still accepted after its new one was first used, for requests that the browser sent before it had
    /// that. A node may accept it for as long as <see cref="Lease"/> in any case. Default 10 seconds; 0 to 1 minute.
    /// </summary>
    public TimeSpan FormerIdGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many event streams of a session a node keeps open. At one more, the oldest closes. Default 10; 1 to 100,000.
    /// </summary>
    public int MaxStreamsPerSession { get; set; } = 10;

    /// <summary>
    /// How many event streams of an account a node keeps open. At one more, the oldest closes. Default 100; 1 to 100,000.
    /// </summary>
    public int MaxStreamsPerAccount { get; set; } = 100;

    /// <summary>How long a request waits for the store before it is answered with 503. Default 750 ms; 10 ms to 30 s.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>
    /// Whether nodes answer from memory, as far as their lease allows; else each request reads the store. Revocations are as strict with it as
    /// without. Default true. Only with Redis.
    /// </summary>
    public bool NearCache { get; set; } = true;

    /// <summary>How many sessions a node remembers at most. Default 200,000 (some 600 MB if ever full); 256 to 10,000,000.</summary>
    public int NearCacheSize { get; set; } = 200_000;

    /// <summary>
    /// How long a node may answer from memory without having heard from Redis, and so how long a revocation waits for a node that does not
    /// answer. Default 2 seconds; 1 to 30 seconds.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What this node is called where nodes are named. Default: host name and process id.</summary>
    public string NodeName { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// The page that tells a person why the session ended, given as <c>?reason=</c>; that page and the cookie scheme's login page are
    /// answered as to a stranger. Default <c>/account/signed-out</c>.
    /// </summary>
    public PathString SignedOutPath { get; set; } = "/account/signed-out";

    /// <summary>Below this path programs are answered: 401 with JSON in place of a redirect. Default <c>/api</c>.</summary>
    public PathString ApiPath { get; set; } = "/api";

    /// <summary>The claim that holds the account's id, which never changes. Default <c>sub</c>.</summary>
    public string AccountIdClaimType { get; set; } = "sub";

    /// <summary>How long before a session's end open pages are warned: five minutes, or a fifth of <see cref="IdleTimeout"/> where that is less.</summary>
    public TimeSpan Warning => TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(5).Ticks, IdleTimeout.Ticks / 5));

    /// <summary>The steps in which use is noted: a session is touched at most once per step.</summary>
    internal TimeSpan TouchStep => IdleTimeout / 20;

    internal sealed class Validation : IValidateOptions<SessionsOptions>
    {
        private static readonly TimeSpan Year = TimeSpan.FromDays(365);

        public ValidateOptionsResult Validate(string? name, SessionsOptions options)
        {
            var problems = new[]
            {
                Within(nameof(IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), Year),
                Within(nameof(AbsoluteTimeout), options.AbsoluteTimeout, TimeSpan.FromSeconds(1), Year),
                Within(nameof(RememberMe), options.RememberMe, TimeSpan.FromSeconds(1), Year),
                Within(nameof(FormerIdGrace), options.FormerIdGrace, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
                Within(nameof(StoreTimeout), options.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30)),
                Within(nameof(Lease), options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
                WholeNumber(nameof(MaxStreamsPerSession), options.MaxStreamsPerSession, 1, 100_000),
                WholeNumber(nameof(MaxStreamsPerAccount), options.MaxStreamsPerAccount, 1, 100_000),
                options.NearCacheSize is >= 256 and <= 10_000_000
                    ? null
                    : $"Sessions:{nameof(NearCacheSize)} is {options.NearCacheSize}; it takes a whole number from 256 to 10000000.",
                string.IsNullOrEmpty(options.NodeName) ? $"Sessions:{nameof(NodeName)} is empty; it takes the node's name." : null,
                options.MaxPerAccount is >= 1 and <= 10_000
                    ? null
                    : $"Sessions:{nameof(MaxPerAccount)} is {options.MaxPerAccount}; it takes a whole number from 1 to 10000.",
                Enum.IsDefined(options.WhenFull)
                    ? null
                    : $"Sessions:{nameof(WhenFull)} is {options.WhenFull}; it takes SignOutOldest or RefuseNew.",
                options.SignedOutPath.HasValue ? null : $"Sessions:{nameof(SignedOutPath)} is empty; it takes a path such as /account/signed-out.",
                string.IsNullOrEmpty(options.AccountIdClaimType)
                    ? $"Sessions:{nameof(AccountIdClaimType)} is empty; it takes a claim type such as sub."
                    : null,
            };
            var found = problems.OfType<string>().ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }

        private static string? WholeNumber(string setting, int value, int least, int most) =>
            value >= least && value <= most
                ? null
                : $"Sessions:{setting} is {value}; it takes a whole number from {least} to {most}.";

        private static string? Within(string setting, TimeSpan value, TimeSpan least, TimeSpan most) =>
            value >= least && value <= most
                ? null
                : $"Sessions:{setting} is {value}; it takes a duration from {least} to {most}, such as 00:30:00 (days.hours:minutes:seconds).";
    }
}
