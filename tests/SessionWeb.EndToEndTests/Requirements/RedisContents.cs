using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Reads everything in a farm's Redis, as an attacker with access to it would.</summary>
internal sealed partial class RedisContents : IDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly string _address;

    private RedisContents(ConnectionMultiplexer connection, string address) =>
        (_connection, _address) = (connection, address);

    public IDatabase Database => _connection.GetDatabase();

    public static async Task<RedisContents> OpenAsync(int port)
    {
        var address = $"127.0.0.1:{port}";
        var options = $"{address},allowAdmin=true,syncTimeout=30000,connectTimeout=30000";
        return new(await ConnectionMultiplexer.ConnectAsync(options), address);
    }

    public IEnumerable<string> Keys(string pattern) =>
        _connection.GetServer(_address).Keys(pattern: pattern).Select(key => key.ToString());

    /// <summary>Evicts an account's sessions from all caches, as a revocation does.</summary>
    public Task EvictCachedSessionsAsync(string accountTag) => Database.ScriptEvaluateAsync(
        """
        local n = redis.call('HINCRBY', KEYS[1], 'seq', 1)
        redis.call('ZADD', KEYS[2], n, ARGV[1])
        redis.call('PUBLISH', KEYS[2], n)
        """,
        ["sw:log:state", "sw:log"],
        [
            $"1 {Guid.NewGuid().ToString("N")[..22]} {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} "
                + $"{accountTag} - - -",
        ]);

    /// <summary>
    /// Returns every key, value, field and member of all types. Compressed values are also returned decompressed. Each
    /// character is one byte (Latin-1).
    /// </summary>
    public async Task<IReadOnlyList<string>> ReadAllAsync()
    {
        var found = new List<string>();
        foreach (var key in _connection.GetServer(_address).Keys())
        {
            found.Add(key.ToString());
            found.AddRange((await Database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await Database.StringGetAsync(key)],
                RedisType.Hash => (await Database.HashGetAllAsync(key))
                    .SelectMany(entry => (RedisValue[])[entry.Name, entry.Value]),
                RedisType.SortedSet => await Database.SortedSetRangeByRankAsync(key),
                RedisType.Set => await Database.SetMembersAsync(key),
                RedisType.List => await Database.ListRangeAsync(key),
                // The client has no type for streams.
                _ => Flatten(await Database.ExecuteAsync("XRANGE", key, "-", "+")),
            }).SelectMany(value => Decode(value!)));
        }
        return found;
    }

    private static IEnumerable<string> Decode(byte[] value)
    {
        yield return Encoding.Latin1.GetString(value);
        // A session record is a header line with a version, a second version byte, and compressed data. Other values
        // have arbitrary bytes.
        if (value.AsSpan().StartsWith("1 "u8) && Array.IndexOf(value, (byte)'\n') is >= 0 and var headerEnd
            && headerEnd + 1 < value.Length && value[headerEnd + 1] == 2)
        {
            using var decompressed = new BrotliStream(
                new MemoryStream(value, headerEnd + 2, value.Length - headerEnd - 2), CompressionMode.Decompress);
            using var reader = new StreamReader(decompressed, Encoding.Latin1);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>Returns the number of session reads so far. Only they use HMGET.</summary>
    public async Task<long> SessionReadsAsync() =>
        CountCalls(SessionReads(), (string)(await Database.ExecuteAsync("INFO", "commandstats"))!);

    public void Dispose() => _connection.Dispose();

    private static IEnumerable<RedisValue> Flatten(RedisResult result)
    {
        try
        {
            return ((RedisResult[])result!).SelectMany(Flatten);
        }
        catch (InvalidCastException)
        {
            return [(RedisValue)result];
        }
    }

    private static long CountCalls(Regex pattern, string statistics) =>
        pattern.Matches(statistics).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("cmdstat_hmget:calls=([0-9]+)")]
    private static partial Regex SessionReads();
}
