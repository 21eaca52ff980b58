using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SessionWeb.Sessions.Redis;

/// <summary>A session's record in Redis: a line of numbers for the scripts, then bytes that only nodes read, compressed: nodes seldom do.</summary>
internal static class SessionRecord
{
    private const byte Version = 2;

    // Beyond this, few bytes less take a hundred times as long.
    private static readonly BrotliCompressionOptions Compression = new() { Quality = 5 };

    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The part that nodes read. The scripts put the line of numbers before it.</summary>
    public static byte[] Write(NewSession session) =>
        Write(session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress, session.Ticket.Span);

    /// <summary>The same with another ticket.</summary>
    public static byte[] Write(Session session, ReadOnlySpan<byte> ticket) =>
        Write(session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress, ticket);

    /// <param name="key">The session's key.</param>
    /// <param name="record">The whole record.</param>
    /// <param name="ends">When the session ends unless it is used: Unix milliseconds.</param>
    /// <param name="noted">When it was last noted as online, if that was asked: Unix milliseconds.</param>
    public static (Session Session, long Generation, long ClaimsVersion, ReadOnlyMemory<byte> Ticket) Read(SessionKey key, byte[] record, long ends, long noted = 0)
    {
        var line = Array.IndexOf(record, (byte)'\n');
        var numbers = Encoding.ASCII.GetString(record, 0, line).Split(' ');
        var (expires, signedIn, idle) = (long.Parse(numbers[1]), long.Parse(numbers[2]), long.Parse(numbers[3]));

        if (record[line + 1] is var version && version != Version)
            throw new SessionStoreUnavailableException($"A session's record has version {version}, this node reads {Version}.");
        using var stream = new MemoryStream(record, line + 2, record.Length - line - 2);
        using var reader = new BinaryReader(new BrotliStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        var session = new Session
        {
            Key = key,
            Persistent = reader.ReadBoolean(),
            AccountId = reader.ReadString(),
            AccountName = reader.ReadString(),
            Device = reader.ReadString(),
            IpAddress = reader.ReadString(),
            SignedInAt = DateTimeOffset.FromUnixTimeMilliseconds(signedIn),
            // Capped by the absolute expiry, the idle expiry no longer tells; the list of who is online does.
            LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(ends < expires ? ends - idle : Math.Max(signedIn, noted)),
            IdleExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(ends),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(expires),
        };
        return (session, long.Parse(numbers[0]), long.Parse(numbers[4]), reader.ReadBytes(reader.ReadInt32()));
    }

    public static string Write(SessionEnding ending) =>
        JsonSerializer.Serialize(new EndingText(ending.Reason, ending.By, ending.Message, ending.SignInAgain), Compact);

    public static SessionEnding ReadEnding(string text)
    {
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var ending = JsonSerializer.Deserialize<EndingText>(text.AsSpan(line + 1), JsonSerializerOptions.Web)!;
        return new(ending.Reason, ending.By, ending.Message, ending.SignInAgain)
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text.AsSpan(0, line))),
        };
    }

    private static byte[] Write(bool persistent, string accountId, string accountName, string device, string ipAddress, ReadOnlySpan<byte> ticket)
    {
        using var stream = new MemoryStream();
        stream.WriteByte(Version);
        using (var writer = new BinaryWriter(new BrotliStream(stream, Compression), Encoding.UTF8))
        {
            writer.Write(persistent);
            writer.Write(accountId);
            writer.Write(accountName);
            writer.Write(device);
            writer.Write(ipAddress);
            writer.Write(ticket.Length);
            writer.Write(ticket);
        }
        return stream.ToArray();
    }

    private sealed record EndingText(string Reason, string? By, string? Message, bool SignInAgain);
}
