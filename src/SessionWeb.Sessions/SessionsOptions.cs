using Microsoft.AspNetCore.Http;

namespace SessionWeb.Sessions;

/// <summary>The settings of sessions. They are validated at startup.</summary>
public sealed class SessionsOptions
{
    /// <summary>How long a session is valid without use. Default 30 minutes; 1 second to 1 year. (ASVS 7.3.1)</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session is valid at most. Default 12 hours; 1 second to 1 year. (ASVS 7.3.2)</summary>
    public TimeSpan AbsoluteTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a persistent session is valid, used or not. Default 30 days; 1 second to 1 year.</summary>
    public TimeSpan RememberMe { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The maximum number of live sessions of an account. Default 10; 1 to 10,000. (ASVS 7.1.2)</summary>
    public int MaxPerAccount { get; set; } = 10;

    /// <summary>
    /// What a sign-in beyond <see cref="MaxPerAccount"/> does. Default <see cref="WhenFull.SignOutOldest"/>.
    /// </summary>
    public WhenFull WhenFull { get; set; }

    /// <summary>
    /// How long a session's former id is accepted after the new id was first used, for requests that were sent before
    /// the browser received it. A node that cached the session before its claims became stale accepts the former id
    /// until it applies that log entry, for up to <see cref="Lease"/>. Default 10 seconds; 0 to 1 minute.
    /// </summary>
    public TimeSpan FormerIdGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum number of open event streams of a session per node. One more closes the oldest. Default 10; 1 to
    /// 100,000.
    /// </summary>
    public int MaxStreamsPerSession { get; set; } = 10;

    /// <summary>
    /// The maximum number of open event streams of an account per node. One more closes the oldest. Default 100; 1 to
    /// 100,000.
    /// </summary>
    public int MaxStreamsPerAccount { get; set; } = 100;

    /// <summary>
    /// How long a request waits for the store before the response is 503. Default 750 ms; 10 ms to 30 s.
    /// </summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>
    /// Whether nodes answer from their session cache while they hold a lease; otherwise each request reads the store.
    /// Revocations are equally strict in both cases. Only with Redis. Default true.
    /// </summary>
    public bool NearCache { get; set; } = true;

    /// <summary>
    /// The maximum number of sessions in a node's cache. Default 200,000 (about 600 MB when full); 256 to 10,000,000.
    /// </summary>
    public int NearCacheSize { get; set; } = 200_000;

    /// <summary>
    /// How long a node may answer from its cache after a renewal, and therefore how long a revocation waits for a node
    /// that does not respond. Default 2 seconds; 1 to 30 seconds.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>This node's name in results and lists; not empty. Default: host name and process id.</summary>
    public string NodeName { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// The page that shows why a session ended, given as <c>?reason=</c>. Requests of an ended session for this page
    /// and for the cookie scheme's login page continue as anonymous. Not empty. Default <c>/account/signed-out</c>.
    /// </summary>
    public PathString SignedOutPath { get; set; } = "/account/signed-out";

    /// <summary>Below this path, responses are 401 with JSON instead of a redirect. Default <c>/api</c>.</summary>
    public PathString ApiPath { get; set; } = "/api";

    /// <summary>The type of the claim with the account's id, which must never change. Default <c>sub</c>.</summary>
    /// <remarks>A sign-in without such a claim throws <see cref="InvalidOperationException"/>.</remarks>
    public string AccountIdClaimType { get; set; } = "sub";

    /// <summary>
    /// How long before a session's end its pages are warned: 5 minutes, or a fifth of <see cref="IdleTimeout"/> if that
    /// is less.
    /// </summary>
    public TimeSpan Warning => TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(5).Ticks, IdleTimeout.Ticks / 5));

    /// <summary>
    /// How long any session can be valid: the longer of <see cref="AbsoluteTimeout"/> and <see cref="RememberMe"/>.
    /// </summary>
    public TimeSpan LongestLifetime => RememberMe > AbsoluteTimeout ? RememberMe : AbsoluteTimeout;

    /// <summary>The minimum time between two touches of a session.</summary>
    internal TimeSpan TouchStep => IdleTimeout / 20;
}
