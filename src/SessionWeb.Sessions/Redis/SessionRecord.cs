using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// A session's record in Redis: the line that sessions.lua describes, then the payload. The payload has a version of
/// its own and is compressed, because nodes seldom read it.
/// </summary>
internal static class SessionRecord
{
    private const byte Version = 2;

    // Higher qualities save few bytes and take a hundred times as long.
    private static readonly BrotliCompressionOptions Compression = new() { Quality = 5 };

    private static readonly JsonSerializerOptions Compact =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The payload of a new session. The scripts write the line before it.</summary>
    public static byte[] Write(NewSession session) => Write(
        session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress,
        session.Ticket.Span);

    /// <summary>The payload of a session with another ticket.</summary>
    public static byte[] Write(Session session, ReadOnlySpan<byte> ticket) =>
        Write(session.Persistent, session.AccountId, session.AccountName, session.Device, session.IpAddress, ticket);

    /// <param name="account">The session's account.</param>
    /// <param name="handle">The session's handle.</param>
    /// <param name="record">The whole record.</param>
    /// <param name="lastUseMs">
    /// The last use in the index of recent sessions, in Unix milliseconds; 0 if unknown.
    /// </param>
    public static (Session Session, long Generation, long ClaimsVersion, ReadOnlyMemory<byte> Ticket) Read(
        AccountTag account, string handle, byte[] record, long lastUseMs = 0)
    {
        var line = Array.IndexOf(record, (byte)'\n');
        var fields = Encoding.ASCII.GetString(record, 0, line).Split(' ');
        var (signedIn, idle) = (long.Parse(fields[2]), long.Parse(fields[4]));
        var (expires, ends) = (signedIn + long.Parse(fields[3]), signedIn + long.Parse(fields[7]));

        if (record[line + 1] is var version && version != Version)
        {
            throw new SessionStoreUnavailableException(
                $"A session record has version {version}, but this node reads version {Version}.");
        }

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
            // At the absolute expiry, the idle expiry no longer shows the last use. The index does.
            LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(
                ends < expires ? ends - idle : Math.Max(signedIn, lastUseMs)),
            IdleExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(ends),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(expires),
        };
        return (session, long.Parse(fields[1]), long.Parse(fields[5]), reader.ReadBytes(reader.ReadInt32()));
    }

    /// <summary>The text of how a session ended.</summary>
    public static string Write(SessionEnd end) =>
        JsonSerializer.Serialize(new EndText(end.Reason, end.By, end.Message, end.SignInAgain), Compact);

    /// <param name="text">The time in Unix milliseconds, a line feed, and the text of the end.</param>
    public static SessionEnd ReadEnd(string text)
    {
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text.AsSpan(0, line)));
        return ReadEndText(text[(line + 1)..]) with { At = at };
    }

    /// <summary>Reads what <see cref="Write(SessionEnd)"/> wrote.</summary>
    public static SessionEnd ReadEndText(string text)
    {
        var end = JsonSerializer.Deserialize<EndText>(text, JsonSerializerOptions.Web)!;
        return new(end.Reason, end.By, end.Message, end.SignInAgain);
    }

    private static byte[] Write(
        bool persistent, string accountId, string accountName, string device, string ipAddress,
        ReadOnlySpan<byte> ticket)
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

    private sealed record EndText(string Reason, string? By, string? Message, bool SignInAgain);
}
