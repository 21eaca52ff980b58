using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SessionWeb.Benchmarks.Peers;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Fills Redis with sessions through the store itself, once of people who use several devices, and once each of another account, which costs
/// the most; then an administrator ends everyone's.
/// </summary>
internal static class FullStore
{
    private const int AtOnce = 128;
    private const int Witnesses = 100;
    private const int Devices = 4;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using (var other = await RedisServer.StartAsync())
            report.Put(await FillAsync(other, options.Sessions, Devices, report), "redisBytesPerSessionOfSeveral");
        await using var redis = await RedisServer.StartAsync();
        report.Put(await FillAsync(redis, options.Sessions, 1, report), "redisBytesPerSession");
        await EndEveryoneAsync(redis, options.Sessions, report);
    }

    /// <returns>Bytes per session.</returns>
    private static async Task<double> FillAsync(RedisServer redis, int sessions, int perAccount, Report report)
    {
        var server = await redis.ConnectAsync();
        using var connection = server.Multiplexer;
        var before = await server.FigureAsync("memory", "used_memory");
        var began = Stopwatch.GetTimestamp();
        await using (var node = await CookieSource.StartAsync(redis.Configuration, Idle))
            await FillAsync(node.Store, sessions, perAccount);
        var perSecond = sessions / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var bytes = (double)(await server.FigureAsync("memory", "used_memory") - before) / sessions;
        var what = $"{sessions:#,0} sessions, {perAccount} per account";
        report.Add(new($"created through the store: {what}", perSecond, "per second"));
        report.Add(new($"Redis memory per session: {what}", bytes, "bytes") { Wanted = perAccount == 1 ? Wanted.Most(700) : null });
        return bytes;
    }

    private static async Task EndEveryoneAsync(RedisServer redis, int sessions, Report report)
    {
        await using var farm = await Farm.StartAsync(redis, 2);
        await using var here = await CookieSource.StartAsync(redis.Configuration, Idle);
        var witnesses = await here.SignInAsync("witness", Witnesses);
        // A node that has just begun to follow the others waits for leases to run out; once it knows them all, it does not.
        while ((await here.Store.EndAccountAsync(AccountTag.For("nobody"), new(SessionEndReasons.RevokedByAdmin))).Elapsed > TimeSpan.FromSeconds(1))
        {
        }
        foreach (var cookie in witnesses)
            if (await farm.AcceptedAsync(cookie) != farm.Count)
                throw new InvalidOperationException("A live session was refused.");

        var took = (await here.Store.EndAllAsync(new(SessionEndReasons.RevokedByAdmin))).Elapsed.TotalMilliseconds;
        foreach (var cookie in witnesses)
            report.AddViolations(await farm.AcceptedAsync(cookie));
        report.Add(new($"everyone, {sessions:#,0} sessions, acknowledged by 3 nodes", took, "ms") { Wanted = Wanted.Most(50) });
        report.Put(took, "revocationMs", "everyone");
    }

    private static Task FillAsync(ISessionStore store, int count, int perAccount) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancel) =>
        {
            var name = $"person-{i / perAccount}";
            var session = new NewSession
            {
                Key = new(AccountTag.For(Person.Id(name)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
                AccountId = Person.Id(name),
                AccountName = name,
                Device = "Firefox on Windows",
                IpAddress = "203.0.113.77",
                IdleTimeout = Idle,
                Lifetime = TimeSpan.FromHours(12),
                Ticket = TicketSerializer.Default.Serialize(new(Person.Principal(name), CookieAuthenticationDefaults.AuthenticationScheme)),
            };
            if ((await store.CreateAsync(session, cancel)).Outcome != CreateOutcome.Created)
                throw new InvalidOperationException("A session was refused.");
        });
}
