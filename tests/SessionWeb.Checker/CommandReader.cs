namespace SessionWeb.Checker;

/// <summary>Finds where the commands of one connection to Redis begin and end (RESP arrays of bulk strings).</summary>
internal sealed class CommandReader
{
    private int _bulksLeft;
    private int _bytesLeft;
    private int _number;
    private byte _header;

    public enum Edge
    {
        None,

        /// <summary>The byte is the first of a command.</summary>
        Start,

        /// <summary>The byte is the last of a command.</summary>
        End,
    }

    public Edge Read(byte next)
    {
        if (_bytesLeft > 0)
            return --_bytesLeft == 0 && --_bulksLeft == 0 ? Edge.End : Edge.None;
        if (_header == 0)
        {
            (_header, _number) = (next, 0);
            return next == '*' ? Edge.Start : Edge.None;
        }
        if (next is >= (byte)'0' and <= (byte)'9')
            _number = (_number * 10) + next - '0';
        if (next != '\n')
            return Edge.None;
        if (_header == '*')
            _bulksLeft = _number;
        else
            // The body and the line end after it.
            _bytesLeft = _number + 2;
        _header = 0;
        return Edge.None;
    }
}
