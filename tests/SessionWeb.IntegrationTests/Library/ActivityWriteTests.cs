using System.Diagnostics;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

public sealed class ActivityWriteTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Sessions = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WriteInterval = Idle / 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activity_causes_at_most_one_write_per_interval()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, options => options.IdleTimeout = Idle);
        var cookies = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => app.SignInAsync($"steady-{i}")));
        var accounts = Enumerable.Range(0, Sessions).Select(i => AccountTag.For($"id-of-steady-{i}")).ToList();
        var signedIn = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(
            () => Stopwatch.GetElapsedTime(signedIn) > WriteInterval,
            "the first request follows an interval after the sign-in");
        var server = await redis.ConnectAsync();

        // Measures from the first recorded request of each session.
        var started = Stopwatch.GetTimestamp();
        Task RequestAllAsync() =>
            Task.WhenAll(cookies.Select(
                async cookie => Assert.StartsWith("steady-", await app.WhoAsync(cookie), StringComparison.Ordinal)));
        await RequestAllAsync();
        await Wait.UntilAsync(
            async () => (await app.Store.ListAsync(accounts, Cancel)).All(
                session => session.IdleExpiresAt > session.SignedInAt + Idle),
            "the first request is recorded");
        await server.ExecuteAsync("CONFIG", "RESETSTAT");
        var intervals = 0.0;
        for (; intervals < 6; intervals = Stopwatch.GetElapsedTime(started) / WriteInterval)
            await RequestAllAsync();

        var writes = await server.WritesAsync();
        var perInterval = writes.Values.Sum() / (double)Sessions / intervals;
        Assert.True(
            perInterval is > 0.5 and <= 1,
            $"{perInterval:0.000} writes per session and interval: {string.Join(", ", writes)}");
    }

    [Fact]
    public async Task Activity_near_the_absolute_expiry_is_one_write()
    {
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, options => options.AbsoluteTimeout = options.IdleTimeout);
        await app.SignInAsync("capped");
        var session = (await app.Store.ListAsync([AccountTag.For("id-of-capped")], Cancel)).Single();
        var server = await redis.ConnectAsync();
        await server.ExecuteAsync("CONFIG", "RESETSTAT");

        for (var i = 0; i < 10; i++)
            Assert.True(await app.Store.TouchAsync(session.Key, Cancel));

        Assert.Equal(10, (await server.WritesAsync()).Values.Sum());
    }
}
