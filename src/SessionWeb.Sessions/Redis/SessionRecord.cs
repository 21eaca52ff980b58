using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// A session's record in Redis: the line that sessions.lua describes, then the payload, which begins with a version of its own and is
/// compressed, since nodes seldom read it.
/// </summary>
internal static class SessionRecord
{
    private const byte Version = 2;

    // Beyond this, few bytes less take a hundred times as long.
    private static readonly BrotliCompressionOptions Compression = new() { Quality = 5 };

    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The payload. The scripts put the line before it.</summary>
    public static byte[] Write(NewSession session) =>
        Write(session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress, session.Ticket.Span);

    /// <summary>The same with another ticket.</summary>
    public static byte[] Write(Session session, ReadOnlySpan<byte> ticket) =>
        Write(session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress, ticket);

    /// <param name="account">The session's account.</param>
    /// <param name="handle">The session's handle.</param>
    /// <param name="record">The whole record.</param>
    /// <param name="noted">When the index of recent sessions last noted it, if that was asked: Unix milliseconds.</param>
    public static (Session Session, long Generation, long ClaimsVersion, ReadOnlyMemory<byte> Ticket) Read(AccountTag account, string handle, byte[] record, long noted = 0)
    {
        var line = Array.IndexOf(record, (byte)'\n');
        var fields = Encoding.ASCII.GetString(record, 0, line).Split(' ');
        var (signedIn, idle) = (long.Parse(fields[2]), long.Parse(fields[4]));
        var (expires, ends) = (signedIn + long.Parse(fields[3]), signedIn + long.Parse(fields[7]));

        if (record[line + 1] is var version && version != Version)
            throw new SessionStoreUnavailableException($"A session's record has version {version}, this node reads {Version}.");
        using var stream = new MemoryStream(record, line + 2, record.Length - line - 2);
        using var reader = new BinaryReader(new BrotliStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        var session = new Session
        {
            Key = new(account, handle + fields[8]),
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
        return (session, long.Parse(fields[1]), long.Parse(fields[5]), reader.ReadBytes(reader.ReadInt32()));
    }

    public static string Write(SessionEnd ending) =>
        JsonSerializer.Serialize(new EndingText(ending.Reason, ending.By, ending.Message, ending.SignInAgain), Compact);

    public static SessionEnd ReadEnd(string text)
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
