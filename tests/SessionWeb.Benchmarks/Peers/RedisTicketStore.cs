using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Peers;

/// <summary>The recipe that everybody finds: the serialized ticket under a random key, read and deserialized at every request.</summary>
internal sealed class RedisTicketStore(IDatabase redis) : ITicketStore
{
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = $"ticket:{Guid.NewGuid()}";
        await RenewAsync(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        redis.StringSetAsync(key, TicketSerializer.Default.Serialize(ticket), ticket.Properties.ExpiresUtc - DateTimeOffset.UtcNow);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        await redis.StringGetAsync(key) is { HasValue: true } ticket ? TicketSerializer.Default.Deserialize((byte[])ticket!) : null;

    public Task RemoveAsync(string key) => redis.KeyDeleteAsync(key);
}
