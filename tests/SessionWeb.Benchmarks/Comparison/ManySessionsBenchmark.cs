using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SessionWeb.Benchmarks.Peers;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Fills Redis with sessions through the store, once with several sessions per account and once with one, which needs
/// more memory. Then revokes all sessions.
/// </summary>
internal static class ManySessionsBenchmark
{
    private const int Parallelism = 128;
    private const int Probes = 100;
    private const int SessionsPerAccount = 4;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(30);
    private static readonly SessionEnd End = new(SessionEndReasons.RevokedByAdmin);

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        await using (var several = await RedisServers.StartAsync())
        {
            var bytes = await FillAsync(several, options.Sessions, SessionsPerAccount, report);
            report.Put(bytes, "redisBytesPerSessionOfSeveral");
        }
        await using var redis = await RedisServers.StartAsync();
        report.Put(await FillAsync(redis, options.Sessions, 1, report), "redisBytesPerSession");
        await RevokeAllAsync(redis, options.Sessions, report);
    }

    /// <returns>The bytes per session.</returns>
    private static async Task<double> FillAsync(RedisServer redis, int sessions, int perAccount, Report report)
    {
        var before = await redis.InfoAsync("memory", "used_memory");
        var began = Stopwatch.GetTimestamp();
        await using (var node = await CookieSource.StartAsync(redis.Configuration, IdleTimeout))
            await FillAsync(node.Store, sessions, perAccount);
        var perSecond = sessions / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var bytes = (double)(await redis.InfoAsync("memory", "used_memory") - before) / sessions;
        var description = $"{sessions:#,0} sessions, {perAccount} per account";
        report.Add(new($"created through the store: {description}", perSecond, "per second"));
        var target = perAccount == 1 ? Target.AtMost(700) : null;
        report.Add(new($"Redis memory per session: {description}", bytes, "bytes") { Target = target });
        return bytes;
    }

    private static async Task RevokeAllAsync(RedisServer redis, int sessions, Report report)
    {
        await using var farm = await Farm.StartAsync(redis, 2);
        await using var here = await CookieSource.StartAsync(redis.Configuration, IdleTimeout);
        var probes = await here.SignInAsync("probe", Probes);
        // Revocations of a new node wait for leases to expire, until it has held a lease for long enough.
        var unknown = AccountTag.For("unknown");
        while ((await here.Store.EndAccountAsync(unknown, End)).Elapsed > TimeSpan.FromSeconds(1))
        {
        }
        foreach (var cookie in probes)
        {
            if (await farm.CountAcceptingAsync(cookie) != farm.Count)
                throw new InvalidOperationException("A live session was refused.");
        }

        var elapsed = (await here.Store.EndAllAsync(End)).Elapsed.TotalMilliseconds;
        foreach (var cookie in probes)
            report.AddViolations(await farm.CountAcceptingAsync(cookie));
        report.Add(new($"revocation of all {sessions:#,0} sessions, acknowledged by {farm.Count} nodes", elapsed, "ms")
        {
            Target = Target.AtMost(50),
        });
        report.Put(elapsed, "revocationMs", "everyone");
    }

    private static Task FillAsync(ISessionStore store, int count, int perAccount)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism };
        return Parallel.ForAsync(0, count, parallel, async (i, cancellation) =>
        {
            var name = $"user-{i / perAccount}";
            var id = BenchmarkUser.IdOf(name);
            var session = new NewSession
            {
                Key = new(AccountTag.For(id), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
                AccountId = id,
                AccountName = name,
                Device = "Firefox on Windows",
                IpAddress = "203.0.113.77",
                IdleTimeout = IdleTimeout,
                Lifetime = TimeSpan.FromHours(12),
                Ticket = TicketSerializer.Default.Serialize(
                    new(BenchmarkUser.PrincipalOf(name), CookieAuthenticationDefaults.AuthenticationScheme)),
            };
            if ((await store.CreateAsync(session, cancellation)).Outcome != CreateOutcome.Created)
                throw new InvalidOperationException("A session was refused.");
        });
    }
}
