using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Ports below those that the system gives to outgoing connections: a program that restarts finds its own still free.</summary>
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
