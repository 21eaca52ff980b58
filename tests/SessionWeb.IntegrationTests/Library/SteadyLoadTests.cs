using System.Diagnostics;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

public sealed class SteadyLoadTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Sessions = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = Idle / 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steady_use_costs_at_most_one_write_per_session_and_step()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, options => options.IdleTimeout = Idle);
        var cookies = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => app.SignInAsync($"steady-{i}")));
        var accounts = Enumerable.Range(0, Sessions).Select(i => AccountTag.For($"id-of-steady-{i}")).ToList();
        var signedIn = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(signedIn) > Step, "the first use is a step later");
        var server = await redis.ConnectAsync();

        // From a use on that was noted for each.
        var began = Stopwatch.GetTimestamp();
        Task UseAsync() => Task.WhenAll(cookies.Select(async cookie => Assert.StartsWith("steady-", await app.WhoAsync(cookie), StringComparison.Ordinal)));
        await UseAsync();
        await Eventually.TrueAsync(
            async () => (await app.Store.ListAsync(accounts, Cancel)).All(session => session.IdleExpiresAt > session.SignedInAt + Idle), "the first use is recorded");
        await server.ExecuteAsync("CONFIG", "RESETSTAT");
        var steps = 0.0;
        for (; steps < 6; steps = Stopwatch.GetElapsedTime(began) / Step)
            await UseAsync();

        var writes = await server.WritesAsync();
        var perStep = writes.Values.Sum() / (double)Sessions / steps;
        Assert.True(perStep is > 0.5 and <= 1, $"{perStep:0.000} per session and step: {string.Join(", ", writes)}");
    }

    [Fact]
    public async Task Use_is_one_write_even_where_the_absolute_expiry_caps_it()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, options => options.AbsoluteTimeout = options.IdleTimeout);
        await app.SignInAsync("capped");
        var session = (await app.Store.ListAsync([AccountTag.For("id-of-capped")], Cancel)).Single();
        var server = await redis.ConnectAsync();
        await server.ExecuteAsync("CONFIG", "RESETSTAT");

        for (var i = 0; i < 10; i++)
            Assert.True(await app.Store.TouchAsync(session.Key, Cancel));

        Assert.Equal(10, (await server.WritesAsync()).Values.Sum());
    }
}
