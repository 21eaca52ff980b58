using System.Diagnostics;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>What a sign-in costs beside the password's hash: in plain apps that have none, one after the other; and of the app, with the hash taken off.</summary>
internal static class SignInCost
{
    private const int WarmUp = 300;
    private const int Count = 1000;
    // Until then the compiler is as busy as the hash.
    private const int AppWarmUp = 120;
    private const int AppCount = 40;
    private const int Cost = 10;

    public static async Task RunAsync(BenchOptions _, Report report)
    {
        await using var redis = await RedisServer.StartAsync();
        await PlainAsync("statelessCookie", "stock handler, ticket in the cookie", () => Peer.StartAsync(PeerApp.StatelessCookie, redis));
        await PlainAsync("ticketStoreRecipe", "stock handler, Redis ticket store", () => Peer.StartAsync(PeerApp.TicketStoreRecipe, redis));
        await PlainAsync("expressSession", "express-session, connect-redis", () => Peer.StartExpressAsync(redis));
        await PlainAsync("library", "SessionWeb.Sessions in a plain app", () => Peer.StartAsync(PeerApp.Library, redis));
        await AppAsync(redis, report);

        async Task PlainAsync(string key, string name, Func<Task<Peer>> startAsync)
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
            using var answer = await client.PostAsync($"/sign-in/person-{i}/{Person.Id($"person-{i}")}", null);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            answer.EnsureSuccessStatusCode();
        }
        return times;
    }

    private static async Task AppAsync(RedisServer redis, Report report)
    {
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Accounts__BcryptCost", $"{Cost}"), ("Sessions__MaxPerAccount", "10000"));
        using var form = await SignInForm.OpenAsync(node.Url);
        var password = await AppNode.PasswordAsync("alice");
        var hasher = new BcryptPasswordHasher(Options.Create(new AccountOptions { BcryptCost = Cost }));

        var (signIns, hashes, cpu) = (new List<double>(), new List<double>(), TimeSpan.Zero);
        for (var i = -AppWarmUp; i < AppCount; i++)
        {
            var (appCpu, began) = (node.Process.Cpu, Stopwatch.GetTimestamp());
            await form.SignInAsync("alice", password);
            var signIn = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            appCpu = node.Process.Cpu - appCpu;

            (var ownCpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            hasher.HashPassword(new(), password);
            var hash = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            ownCpu = Environment.CpuUsage.TotalTime - ownCpu;
            if (i < 0)
                continue;
            signIns.Add(signIn);
            hashes.Add(hash);
            cpu += appCpu - ownCpu;
        }
        // The least disturbed of each: the hash keeps a core busy for long enough to be interrupted on a busy machine.
        var (signInMs, hashMs) = (signIns.Percentile(10), hashes.Percentile(10));
        var beside = signInMs - hashMs;
        if (beside <= 0)
            throw new InvalidOperationException($"The machine is too busy to tell a sign-in ({signInMs:0} ms) from its hash ({hashMs:0} ms).");
        report.Add(new("sign-in, SessionWeb with accounts and audit, less the hash", beside, "ms")
        {
            Cpu = cpu.TotalMicroseconds / AppCount,
            Wanted = Wanted.Most(4),
        });
        report.Put(beside, "signInMs", "sessionWeb");
        report.Put(signInMs, "signInMs", "sessionWebWithHash");
        report.Put(hashMs, "signInMs", "hash");
    }
}
