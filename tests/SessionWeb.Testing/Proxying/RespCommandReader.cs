namespace SessionWeb.Testing.Proxying;

/// <summary>Finds the first and last byte of each command to Redis (RESP arrays of bulk strings).</summary>
internal sealed class RespCommandReader
{
    private int _bulksLeft;
    private int _bytesLeft;
    private int _number;
    private byte _header;

    public enum Boundary
    {
        None,
        FirstByte,
        LastByte,
    }

    public Boundary Read(byte next)
    {
        if (_bytesLeft > 0)
            return --_bytesLeft == 0 && --_bulksLeft == 0 ? Boundary.LastByte : Boundary.None;
        if (_header == 0)
        {
            (_header, _number) = (next, 0);
            return next == '*' ? Boundary.FirstByte : Boundary.None;
        }
        if (next is >= (byte)'0' and <= (byte)'9')
            _number = (_number * 10) + next - '0';
        if (next != '\n')
            return Boundary.None;
        if (_header == '*')
            _bulksLeft = _number;
        else
            // The string and the line break after it.
            _bytesLeft = _number + 2;
        _header = 0;
        return Boundary.None;
    }
}
