using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A farm's Redis, read by somebody who should not be able to.</summary>
internal sealed partial class RedisContents : IDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly string _address;

    private RedisContents(ConnectionMultiplexer connection, string address) => (_connection, _address) = (connection, address);

    public IDatabase Database => _connection.GetDatabase();

    public static async Task<RedisContents> OpenAsync(int port)
    {
        var address = $"127.0.0.1:{port}";
        return new(await ConnectionMultiplexer.ConnectAsync($"{address},allowAdmin=true,syncTimeout=30000,connectTimeout=30000"), address);
    }

    public IEnumerable<string> Keys(string pattern) => _connection.GetServer(_address).Keys(pattern: pattern).Select(key => key.ToString());

    /// <summary>Has the nodes forget what they remember of an account, as a revocation would.</summary>
    public Task ForgetAsync(string account) => Database.ScriptEvaluateAsync(
        """
        local n = redis.call('HINCRBY', KEYS[1], 'seq', 1)
        redis.call('ZADD', KEYS[2], n, ARGV[1])
        redis.call('PUBLISH', KEYS[2], n)
        """,
        ["sw:log:state", "sw:log"], [$"1 {Guid.NewGuid().ToString("N")[..22]} {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {account} - - -"]);

    /// <summary>Every key, and every value, field and member, of all types, and what is compressed also as it reads. Characters are bytes (Latin-1).</summary>
    public async Task<IReadOnlyList<string>> AllAsync()
    {
        var found = new List<string>();
        foreach (var key in _connection.GetServer(_address).Keys())
        {
            found.Add(key.ToString());
            found.AddRange((await Database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await Database.StringGetAsync(key)],
                RedisType.Hash => (await Database.HashGetAllAsync(key)).SelectMany(entry => (RedisValue[])[entry.Name, entry.Value]),
                RedisType.SortedSet => await Database.SortedSetRangeByRankAsync(key),
                RedisType.Set => await Database.SetMembersAsync(key),
                RedisType.List => await Database.ListRangeAsync(key),
                // Streams are newer than the client.
                _ => Flat(await Database.ExecuteAsync("XRANGE", key, "-", "+")),
            }).SelectMany(value => Texts(value!)));
        }
        return found;
    }

    private static IEnumerable<string> Texts(byte[] value)
    {
        yield return Encoding.Latin1.GetString(value);
        // A session's record: a line that begins with a version, another version, and the rest compressed. Other values are bytes at random.
        if (value.AsSpan().StartsWith("1 "u8) && Array.IndexOf(value, (byte)'\n') is >= 0 and var line && line + 1 < value.Length && value[line + 1] == 2)
        {
            using var rest = new BrotliStream(new MemoryStream(value, line + 2, value.Length - line - 2), CompressionMode.Decompress);
            using var reader = new StreamReader(rest, Encoding.Latin1);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>
    /// How often Redis has read a session so far: nothing else uses HMGET.
    /// </summary>
    public async Task<long> SessionReadsAsync() => Calls(ReadCalls(), (string)(await Database.ExecuteAsync("INFO", "commandstats"))!);

    public void Dispose() => _connection.Dispose();

    private static IEnumerable<RedisValue> Flat(RedisResult result)
    {
        try
        {
            return ((RedisResult[])result!).SelectMany(Flat);
        }
        catch (InvalidCastException)
        {
            return [(RedisValue)result];
        }
    }

    private static long Calls(Regex of, string statistics) =>
        of.Matches(statistics).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("cmdstat_hmget:calls=([0-9]+)")]
    private static partial Regex ReadCalls();
}
