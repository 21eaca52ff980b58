namespace SessionWeb.Checker;

/// <summary>Kills a process at the n-th command that it sends to Redis, counted over all of its connections.</summary>
/// <param name="at">The n.</param>
/// <param name="delivers">Whether Redis still receives that command.</param>
/// <param name="kill">Kills the process and returns when it is dead.</param>
internal sealed class CommandTrap(int at, bool delivers, Action kill)
{
    private readonly Lock _lock = new();
    private int _commands;
    private volatile bool _hasFired;

    public bool HasFired => _hasFired;

    /// <returns>How many of the bytes may be sent on to Redis.</returns>
    public int Pass(CommandReader reader, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_hasFired)
                return 0;
            var counted = delivers ? CommandReader.Edge.End : CommandReader.Edge.Start;
            for (var i = 0; i < bytes.Length; i++)
                if (reader.Read(bytes[i]) == counted && ++_commands == at)
                {
                    _hasFired = true;
                    kill();
                    return delivers ? i + 1 : i;
                }
            return bytes.Length;
        }
    }
}
