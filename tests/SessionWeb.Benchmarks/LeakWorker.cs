using System.Buffers.Text;
using System.Security.Cryptography;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>A node that does what nodes do to sessions, at random, until it is done or killed. Tells of every <see cref="Batch"/> operations.</summary>
internal static class LeakWorker
{
    public const int Batch = 100;
    public const int Accounts = 500;

    private const int AtOnce = 8;

    public static async Task RunAsync(int port, int seed, int count)
    {
        await using var node = await LibraryNode.StartAsync(RedisServer.ConfigurationOf(port));
        var store = node.Store;
        var (begun, done) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i =>
        {
            var random = new Random(seed * AtOnce + i);
            while (Interlocked.Increment(ref begun) <= count)
            {
                await OperateAsync(store, random);
                if (Interlocked.Increment(ref done) % Batch == 0)
                    Console.WriteLine(Batch);
            }
        }));
    }

    public static NewSession NewSession(int account, TimeSpan idle, TimeSpan lifetime, long generation) => new()
    {
        Key = new(AccountTag.For($"leak-{account}"), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
        AccountId = $"leak-{account}",
        AccountName = $"leak-{account}",
        Generation = generation,
        IdleTimeout = idle,
        Lifetime = lifetime,
        Ticket = new byte[200],
    };

    // Generations are raised by the second; a sign-in of the second before races that.
    public static long Generation => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static async Task OperateAsync(ISessionStore store, Random random)
    {
        var number = random.Next(Accounts);
        var account = AccountTag.For($"leak-{number}");
        var ending = new SessionEnd(SessionEndReasons.RevokedByAdmin, "leak");
        switch (random.Next(5000))
        {
            case < 1800:
                var idle = TimeSpan.FromMilliseconds(random.Next(200, 2000));
                var lifetime = TimeSpan.FromMilliseconds(random.Next(1000, 4000));
                var session = NewSession(number, idle, lifetime, Generation - random.Next(2)) with
                {
                    MaxPerAccount = random.Next(2, 10),
                    WhenFull = random.Next(2) == 0 ? WhenFull.RefuseNew : WhenFull.SignOutOldest,
                };
                await store.CreateAsync(session, default);
                break;
            case < 2800 when await AnyAsync(store, account, random) is { } touched:
                await store.TouchAsync(touched, default);
                break;
            case < 3800 when await AnyAsync(store, account, random) is { } read:
                await store.ReadAsync(read, default);
                break;
            case < 4500 when await AnyAsync(store, account, random) is { } ended:
                await store.EndAsync(account, ended.Handle, ending, default);
                break;
            case < 4700:
                await store.EndAccountAsync(account, ending, (await AnyAsync(store, account, random))?.Handle, random.Next(2) == 0 ? Generation : null);
                break;
            case < 4999:
                await store.InvalidateClaimsAsync(account, Generation, default);
                if (await AnyAsync(store, account, random) is { } replaced)
                    await store.ReplaceTicketAsync(replaced, new() { Ticket = new byte[100], ClaimsVersion = Generation }, default);
                break;
            case 4999:
                await store.EndAllAsync(ending);
                break;
        }
    }

    private static async Task<SessionKey?> AnyAsync(ISessionStore store, AccountTag account, Random random)
    {
        // What was listed may have expired, or been ended by others, when it is used.
        var sessions = await store.ListAsync([account], default);
        if (sessions.Count == 0)
            return null;
        if (random.Next(20) == 0)
            await Task.Delay(random.Next(2000));
        return sessions[random.Next(sessions.Count)].Key;
    }
}
