using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// The data-protection key ring in a Redis list, one XML text per key, as Microsoft.AspNetCore.DataProtection.StackExchangeRedis keeps it:
/// a farm can change between the two without losing its keys.
/// <code>
/// get     LRANGE DataProtection-Keys 0 -1; if it is empty: SET DataProtection-Keys:creating … NX PX 10000
/// store   RPUSH DataProtection-Keys xml; DEL DataProtection-Keys:creating   in one transaction
/// </code>
/// Nodes that start together on an empty ring would make a key each, and refuse each other's cookies for a while. So only the one that
/// sets the second key gets to see the ring empty; the others wait for what it makes. Should it die, its claim lapses.
/// </summary>
internal sealed class RedisXmlRepository(RedisConnection connection, string key) : IXmlRepository
{
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisKey _ring = key;
    private readonly RedisKey _creating = key + ":creating";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        while (true)
        {
            var elements = Read();
            if (elements.Length > 0)
                return elements;
            if (connection.Run(redis => redis.StringSetAsync(_creating, Environment.ProcessId, Claim, When.NotExists)))
                // Somebody may have been done in between.
                return Read();
            Thread.Sleep(Pause);
        }
    }

    public void StoreElement(XElement element, string friendlyName) =>
        connection.Run(async redis =>
        {
            var transaction = redis.CreateTransaction();
            var pushed = transaction.ListRightPushAsync(_ring, element.ToString(SaveOptions.DisableFormatting));
            var released = transaction.KeyDeleteAsync(_creating);
            await transaction.ExecuteAsync();
            await Task.WhenAll(pushed, released);
            return true;
        });

    private XElement[] Read() =>
        [.. connection.Run(redis => redis.ListRangeAsync(_ring)).Select(text => XElement.Parse((string)text!))];
}
