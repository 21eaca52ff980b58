using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Sessions.DataProtection;

/// <summary>
/// Microsoft's key ring in a Redis list, with a lock around it. By itself it leaves ten keys when ten nodes start on an
/// empty ring, and the nodes refuse each other's cookies for some time. With the lock, one node creates a key, and the
/// others wait for it. If that node fails, its lock expires. Each node keeps the elements that it read or stored, and
/// restores those that Redis lost.
/// <code>
/// get     EVALSHA restore-keys.lua: restores missing elements, LRANGE DataProtection-Keys 0 -1
/// if it is empty: SET DataProtection-Keys:creating … NX PX 10000
/// store   RPUSH DataProtection-Keys xml; DEL DataProtection-Keys:creating; PUBLISH sw:keys
/// </code>
/// </summary>
internal sealed class RedisKeyRing(RedisConnection connection, string key, TimeProvider clock) : IXmlRepository
{
    /// <summary>The minimum time between two reads of Redis.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private const string ChangedChannel = "sw:keys";

    private static readonly TimeSpan LockLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisKey _lock = key + ":creating";
    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = [];
    private HashSet<string> _loaded = [];
    private (string[] Elements, long At) _latest = ([], 0);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // The key manager is synchronous.
        var elements = Latest() ?? Task.Run(ReadOrLockAsync).GetAwaiter().GetResult();
        lock (_gate)
            _loaded = [.. elements];
        return [.. elements.Select(element => XElement.Parse(element))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        connection.Run(redis =>
        {
            new RedisXmlRepository(() => redis, key).StoreElement(element, friendlyName);
            redis.KeyDelete(_lock);
            return redis.Publish(RedisChannel.Literal(ChangedChannel), RedisValue.EmptyString);
        });
        lock (_gate)
        {
            _known.Add(element.ToString(SaveOptions.DisableFormatting));
            _latest = ([], 0);
        }
    }

    /// <summary>Restores the elements that Redis lost.</summary>
    /// <returns>Whether Redis holds elements that the key manager has not loaded.</returns>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    public async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        var elements = await ReadAsync(cancellationToken);
        lock (_gate)
            return !elements.All(_loaded.Contains);
    }

    /// <summary>Yields whenever the ring may have changed.</summary>
    public IAsyncEnumerable<string?> ChangesAsync(CancellationToken cancellationToken) =>
        connection.ListenAsync(ChangedChannel, cancellationToken);

    /// <summary>
    /// Reads the ring, and restores the elements that Redis lost. <see cref="GetAllElements"/> returns a ring that is
    /// not empty for <see cref="ReadInterval"/> without waiting for Redis.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable.</exception>
    public async Task<string[]> ReadAsync(CancellationToken cancellationToken)
    {
        RedisValue[] known;
        lock (_gate)
            known = [.. _known];
        var at = clock.GetTimestamp();
        var reply = await connection.RunAsync(
            redis => redis.ScriptEvaluateAsync(RedisScripts.RestoreKeys, [key], known), cancellationToken);
        var elements = (string[])reply!;
        lock (_gate)
        {
            _known.UnionWith(elements);
            _latest = (elements, at);
        }
        return elements;
    }

    private string[]? Latest()
    {
        lock (_gate)
        {
            return _latest.Elements.Length > 0 && clock.GetElapsedTime(_latest.At) < ReadInterval
                ? _latest.Elements
                : null;
        }
    }

    private async Task<string[]> ReadOrLockAsync()
    {
        while (true)
        {
            if (await ReadAsync(CancellationToken.None) is { Length: > 0 } elements)
                return elements;
            if (await connection.RunAsync(
                redis => redis.StringSetAsync(_lock, Environment.ProcessId, LockLifetime, When.NotExists)))
            {
                // Another node may have stored a key in between.
                return await ReadAsync(CancellationToken.None);
            }

            await Task.Delay(Pause);
        }
    }
}
