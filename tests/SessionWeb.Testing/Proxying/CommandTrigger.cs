namespace SessionWeb.Testing.Proxying;

/// <summary>Acts at the nth command that a process sends to Redis on any of its connections.</summary>
/// <param name="commandNumber">The n, from 1.</param>
/// <param name="act">The act, such as killing the process. It returns when it is done.</param>
public sealed class CommandTrigger(int commandNumber, Action act)
{
    private readonly Lock _lock = new();
    private int _commands;
    private volatile bool _hasActed;

    /// <summary>Whether it acts after the command's last byte, instead of before its first.</summary>
    public bool ForwardsCommand { get; init; }

    /// <summary>Whether the proxy forwards nothing afterwards, for a process that was killed.</summary>
    public bool BlocksLaterCommands { get; init; }

    public bool HasActed => _hasActed;

    /// <returns>How many of the bytes the proxy may forward to Redis.</returns>
    internal int CountForwarded(RespCommandReader reader, ReadOnlySpan<byte> bytes)
    {
        var counted = ForwardsCommand ? RespCommandReader.Boundary.LastByte : RespCommandReader.Boundary.FirstByte;
        lock (_lock)
        {
            if (_hasActed && BlocksLaterCommands)
                return 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                if (reader.Read(bytes[i]) != counted || ++_commands != commandNumber)
                    continue;
                _hasActed = true;
                act();
                if (BlocksLaterCommands)
                    return ForwardsCommand ? i + 1 : i;
            }

            return bytes.Length;
        }
    }
}
