using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.IntegrationTests.DataProtection;

/// <summary>Running nodes restore a key ring that Redis loses. They accept keys of other nodes immediately.</summary>
public sealed class LostKeyRingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string List = "DataProtection-Keys";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A13_Nodes_share_keys_after_redis_lost_the_key_ring()
    {
        await using var a = await PlainApp.StartAsync(redis.Configuration);
        var early = Protector(a).Protect("early");
        var server = await redis.ConnectAsync();
        await using (await PlainApp.StartAsync(redis.Configuration))
            await server.ExecuteAsync("FLUSHALL");
        await using var b = await PlainApp.StartAsync(redis.Configuration);

        // Nodes renew their lease before they accept a sign-in.
        var alice = await SignInAsync(a, "alice");
        var bob = await SignInAsync(b, "bob");

        Assert.Equal("alice", await b.WhoAsync(alice));
        Assert.Equal("bob", await a.WhoAsync(bob));
        await Wait.UntilAsync(
            () => CanRead(b, early), "the restarted node decrypts data that was protected before the loss");
        var elements = (await server.ListRangeAsync(List)).Select(element => (string)element!).ToList();
        Assert.Equal(elements.Distinct(), elements);
    }

    [Fact]
    public async Task A13_Running_node_restores_the_stored_key_ring()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var server = await redis.ConnectAsync();
        var stored = await server.ListRangeAsync(List);

        await server.ExecuteAsync("FLUSHALL");
        await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => app.Services.GetRequiredService<KeyRing>().RestoreAsync(Cancel)));
        Assert.Equal(stored, await server.ListRangeAsync(List));

        // The node also restores the ring without a call.
        await server.ExecuteAsync("FLUSHALL");
        await Wait.UntilAsync(
            async () => await server.ListLengthAsync(List) > 0, "the node restores the ring without a call");
        Assert.Equal(stored, await server.ListRangeAsync(List));
    }

    [Fact]
    public async Task A13_Cookie_with_an_unknown_key_loads_the_key()
    {
        await using var other = new RedisServer();
        await other.InitializeAsync();
        await using var a = await PlainApp.StartAsync(redis.Configuration);
        await using var b = await PlainApp.StartAsync(redis.Configuration, keys: other.Configuration);
        var cookie = await b.SignInAsync("alice");

        // No node publishes these keys.
        foreach (var element in await (await other.ConnectAsync()).ListRangeAsync(List))
            await (await redis.ConnectAsync()).ListRightPushAsync(List, element);

        Assert.Equal("alice", await a.WhoAsync(cookie));
    }

    [Fact]
    public async Task A13_Unknown_keys_cause_at_most_one_read_per_second()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var reads = await CallsAsync("lrange");
        var sessions = await redis.SessionReadsAsync();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ =>
        {
            byte[] payload = [0x09, 0xF0, 0xC9, 0xF0, .. RandomNumberGenerator.GetBytes(144)];
            Assert.Equal("anonymous", await app.WhoAsync("sid=" + Base64Url.EncodeToString(payload)));
        }));

        Assert.InRange(await CallsAsync("lrange") - reads, 1, 60);
        Assert.Equal(sessions, await redis.SessionReadsAsync());
    }

    private async Task<long> CallsAsync(string command) =>
        ((string)(await (await redis.ConnectAsync()).ExecuteAsync("INFO", "commandstats"))!).Split("\r\n")
            .Where(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0]));

    private static async Task<string> SignInAsync(PlainApp app, string name)
    {
        var cookie = "";
        await Wait.UntilAsync(async () =>
        {
            using var response = await app.PostAsync($"/in?name={name}");
            if (response.IsSuccessStatusCode)
                cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            return response.IsSuccessStatusCode;
        }, $"{name} signs in");
        return cookie;
    }

    private static bool CanRead(PlainApp app, string text)
    {
        try
        {
            return Protector(app).Unprotect(text) == "early";
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static IDataProtector Protector(PlainApp app) =>
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
