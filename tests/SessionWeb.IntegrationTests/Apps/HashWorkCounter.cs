using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>Counts the key expansions of password hashing: a hash with cost c needs 2^c.</summary>
internal sealed class HashWorkCounter(IOptions<AccountOptions> options) : BcryptPasswordHasher(options)
{
    private long _work;

    public long ReadAndResetWork() => Interlocked.Exchange(ref _work, 0);

    protected override string Hash(string password, int cost)
    {
        Interlocked.Add(ref _work, 1L << cost);
        return base.Hash(password, cost);
    }

    protected override bool Verify(string password, string hash, int cost)
    {
        Interlocked.Add(ref _work, 1L << cost);
        return base.Verify(password, hash, cost);
    }
}
