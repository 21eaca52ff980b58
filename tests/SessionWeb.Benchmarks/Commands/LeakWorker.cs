using System.Buffers.Text;
using System.Security.Cryptography;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// A node that runs random session operations until it is done or killed. It reports each completed batch.
/// </summary>
internal static class LeakWorker
{
    public const int Batch = 100;
    public const int Accounts = 500;

    private const int Parallelism = 8;

    public static async Task RunAsync(int port, int seed, int count)
    {
        await using var node = await LibraryNode.StartAsync($"127.0.0.1:{port}");
        var store = node.Store;
        var (started, done) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, Parallelism).Select(async i =>
        {
            var random = new Random(seed * Parallelism + i);
            var listed = new Dictionary<AccountTag, SessionKey>();
            while (Interlocked.Increment(ref started) <= count)
            {
                await OperateAsync(store, random, listed);
                if (Interlocked.Increment(ref done) % Batch == 0)
                    Console.WriteLine(Batch);
            }
        }));
    }

    public static NewSession NewSession(int account, TimeSpan idleTimeout, TimeSpan lifetime, long generation) => new()
    {
        Key = new(AccountTag.For($"leak-{account}"), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
        AccountId = $"leak-{account}",
        AccountName = $"leak-{account}",
        Generation = generation,
        IdleTimeout = idleTimeout,
        Lifetime = lifetime,
        Ticket = new byte[200],
    };

    // The generation is the current second. A sign-in with the previous second's generation races a revocation.
    public static long Generation => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static async Task OperateAsync(
        ISessionStore store, Random random, Dictionary<AccountTag, SessionKey> listed)
    {
        var number = random.Next(Accounts);
        var account = AccountTag.For($"leak-{number}");
        var end = new SessionEnd(SessionEndReasons.RevokedByAdmin, "leak");
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
            case < 2800 when await PickSessionAsync(store, account, random, listed) is { } touched:
                await store.TouchAsync(touched, default);
                break;
            case < 3800 when await PickSessionAsync(store, account, random, listed) is { } read:
                await store.ReadAsync(read, default);
                break;
            case < 4500 when await PickSessionAsync(store, account, random, listed) is { } ended:
                await store.EndAsync(account, ended.Handle, end, default);
                break;
            case < 4700:
                var kept = (await PickSessionAsync(store, account, random, listed))?.Handle;
                await store.EndAccountAsync(account, end, kept, random.Next(2) == 0 ? Generation : null);
                break;
            case < 4999:
                await store.InvalidateClaimsAsync(account, Generation, default);
                if (await PickSessionAsync(store, account, random, listed) is { } replaced)
                {
                    await store.ReplaceTicketAsync(
                        replaced, new() { Ticket = new byte[100], ClaimsVersion = Generation }, default);
                }

                break;
            case 4999:
                await store.EndAllAsync(end);
                break;
        }
    }

    /// <param name="store">The store.</param>
    /// <param name="account">The account.</param>
    /// <param name="random">The random numbers.</param>
    /// <param name="listed">The session of each account that was listed last.</param>
    private static async Task<SessionKey?> PickSessionAsync(
        ISessionStore store, AccountTag account, Random random, Dictionary<AccountTag, SessionKey> listed)
    {
        // Sometimes a session that was listed long ago, and may have expired or ended since.
        if (random.Next(20) == 0 && listed.TryGetValue(account, out var earlier))
            return earlier;
        var sessions = await store.ListAsync([account], default);
        return sessions.Count == 0 ? null : listed[account] = sessions[random.Next(sessions.Count)].Key;
    }
}
