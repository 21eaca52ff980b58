namespace SessionWeb.Testing.Proxying;

/// <summary>Kills a process at the nth command that it sends to Redis on any of its connections.</summary>
/// <param name="commandNumber">The n, from 1.</param>
/// <param name="forwardsCommand">Whether the proxy forwards that command to Redis.</param>
/// <param name="kill">Kills the process and returns when the process has exited.</param>
public sealed class KillTrigger(int commandNumber, bool forwardsCommand, Action kill)
{
    private readonly Lock _lock = new();
    private int _commands;
    private volatile bool _hasKilled;

    public bool HasKilled => _hasKilled;

    /// <returns>How many of the bytes the proxy may forward to Redis.</returns>
    internal int CountForwarded(RespCommandReader reader, ReadOnlySpan<byte> bytes)
    {
        var counted = forwardsCommand ? RespCommandReader.Boundary.LastByte : RespCommandReader.Boundary.FirstByte;
        lock (_lock)
        {
            if (_hasKilled)
                return 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                if (reader.Read(bytes[i]) == counted && ++_commands == commandNumber)
                {
                    _hasKilled = true;
                    kill();
                    return forwardsCommand ? i + 1 : i;
                }
            }

            return bytes.Length;
        }
    }
}
