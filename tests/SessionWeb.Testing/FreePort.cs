using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>
/// Ports below the range for outgoing connections, so that a port stays free while its program restarts.
/// </summary>
public static class FreePort
{
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
