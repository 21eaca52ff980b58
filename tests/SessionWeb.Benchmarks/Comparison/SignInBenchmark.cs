using System.Diagnostics;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Measures sign-ins in plain apps without passwords, and in the app, less the password hash.</summary>
internal static class SignInBenchmark
{
    private const int WarmUp = 300;
    private const int Count = 1000;
    // During the first sign-ins, the JIT compiler uses as much CPU as the hash.
    private const int AppWarmUp = 120;
    private const int AppCount = 40;
    private const int BcryptCost = 10;

    public static async Task RunAsync(BenchmarkOptions _, Report report)
    {
        await using var redis = await RedisServers.StartAsync();
        Task<Peer> StartAsync(string peer) => Peer.StartAsync(peer, redis);
        await MeasurePlainAsync(
            "statelessCookie", "stock handler, ticket in the cookie", () => StartAsync(PeerApp.StatelessCookie));
        await MeasurePlainAsync(
            "ticketStoreRecipe", "stock handler, Redis ticket store", () => StartAsync(PeerApp.TicketStoreRecipe));
        await MeasurePlainAsync(
            "expressSession", "express-session, connect-redis", () => Peer.StartExpressAsync(redis));
        await MeasurePlainAsync(
            "library", "SessionWeb.Sessions in a plain app", () => StartAsync(PeerApp.Library));
        await MeasureAppAsync(redis, report);

        async Task MeasurePlainAsync(string key, string name, Func<Task<Peer>> startAsync)
        {
            await using var peer = await startAsync();
            using var client = Peer.Client(peer.Url);
            await SignInAsync(client, WarmUp);
            var (cpu, redisCpu) = (peer.Process.Cpu, redis.Process.Cpu);
            var median = (await SignInAsync(client, Count)).Median();
            report.Add(new($"sign-in, {name}", median, "ms")
            {
                Cpu = (peer.Process.Cpu - cpu).TotalMicroseconds / Count,
                Redis = (redis.Process.Cpu - redisCpu).TotalMicroseconds / Count,
            });
            report.Put(median, "signInMs", key);
        }
    }

    private static async Task<List<double>> SignInAsync(HttpClient client, int count)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync($"/sign-in/user-{i}/{BenchmarkUser.IdOf($"user-{i}")}", null);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            response.EnsureSuccessStatusCode();
        }
        return times;
    }

    private static async Task MeasureAppAsync(RedisServer redis, Report report)
    {
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Accounts__BcryptCost", $"{BcryptCost}"),
            ("Sessions__MaxPerAccount", "10000"));
        using var form = await SignInForm.OpenAsync(node.Url);
        var password = TestUsers.Named("alice").Password;
        var hasher = new BcryptPasswordHasher(Options.Create(new AccountOptions { BcryptCost = BcryptCost }));

        var (signIns, hashes, cpu) = (new List<double>(), new List<double>(), TimeSpan.Zero);
        for (var i = -AppWarmUp; i < AppCount; i++)
        {
            var (signInCpu, began) = (node.Process.Cpu, Stopwatch.GetTimestamp());
            await form.SignInAsync("alice", password);
            var signIn = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            signInCpu = node.Process.Cpu - signInCpu;

            (var hashCpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            hasher.HashPassword(new(), password);
            var hash = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            hashCpu = Environment.CpuUsage.TotalTime - hashCpu;
            if (i < 0)
                continue;
            signIns.Add(signIn);
            hashes.Add(hash);
            cpu += signInCpu - hashCpu;
        }
        // A low percentile, because other processes interrupt the long password hash.
        var (signInMs, hashMs) = (signIns.Percentile(10), hashes.Percentile(10));
        var withoutHash = signInMs - hashMs;
        if (withoutHash <= 0)
        {
            throw new InvalidOperationException(
                $"The machine is too busy: a sign-in took {signInMs:0} ms and its hash alone {hashMs:0} ms.");
        }

        report.Add(new("sign-in, SessionWeb with accounts and audit, less the hash", withoutHash, "ms")
        {
            Cpu = cpu.TotalMicroseconds / AppCount,
            Target = Target.AtMost(4),
        });
        report.Put(withoutHash, "signInMs", "sessionWeb");
        report.Put(signInMs, "signInMs", "sessionWebWithHash");
        report.Put(hashMs, "signInMs", "hash");
    }
}
