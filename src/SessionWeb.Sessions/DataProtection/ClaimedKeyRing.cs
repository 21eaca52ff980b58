using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// Microsoft's key ring in a Redis list, with a claim around it. By itself it leaves ten keys when ten nodes start on an empty ring, and
/// nodes refuse each other's cookies for a while. So only the node that sets the claim sees the ring empty and makes a key; the others
/// wait for that key. If the node dies, its claim expires.
/// <code>
/// get     LRANGE DataProtection-Keys 0 -1; if it is empty: SET DataProtection-Keys:creating … NX PX 10000
/// store   RPUSH DataProtection-Keys xml; DEL DataProtection-Keys:creating
/// </code>
/// </summary>
internal sealed class ClaimedKeyRing(RedisConnection connection, string key) : IXmlRepository
{
    private static readonly TimeSpan ClaimLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisKey _claim = key + ":creating";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        while (true)
        {
            var elements = Read();
            if (elements.Count > 0)
                return elements;
            if (connection.Run(redis => redis.StringSet(_claim, Environment.ProcessId, ClaimLifetime, When.NotExists)))
                // Another node may have finished in between.
                return Read();
            Thread.Sleep(Pause);
        }
    }

    public void StoreElement(XElement element, string friendlyName) => connection.Run(redis =>
    {
        RingIn(redis).StoreElement(element, friendlyName);
        return redis.KeyDelete(_claim);
    });

    private IReadOnlyCollection<XElement> Read() => connection.Run(redis => RingIn(redis).GetAllElements());

    private RedisXmlRepository RingIn(IDatabase redis) => new(() => redis, key);
}
