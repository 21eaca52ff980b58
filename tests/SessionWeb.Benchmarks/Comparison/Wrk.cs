using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Puts load on <c>/api/me</c>. Each request uses one of the cookies at random.</summary>
internal static class Wrk
{
    private const int Threads = 2;
    private const int Connections = 64;

    /// <exception cref="InvalidOperationException">A request was not answered with 200.</exception>
    public static async Task<Load> RunAsync(Uri server, IReadOnlyList<string> cookies, int seconds)
    {
        await ExpectOkAsync(server, cookies[0]);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, cookies);
            using var wrk = Process.Start(new ProcessStartInfo(
                "wrk",
                [
                    "-t", $"{Threads}", "-c", $"{Connections}", "-d", $"{seconds}s",
                    "-s", Path.Combine(AppContext.BaseDirectory, "Comparison", "wrk.lua"),
                    new Uri(server, "/api/me").ToString(), "--", file,
                ])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            var load = JsonSerializer.Deserialize<Load>(output.TrimEnd().Split('\n')[^1], JsonSerializerOptions.Web)!;
            if (load.Refused + load.Failed > 0)
            {
                throw new InvalidOperationException(
                    $"Of {load.Requests} requests to {server}, {load.Refused} were refused and {load.Failed} failed.");
            }
            // wrk counts a redirect as a success.
            await ExpectOkAsync(server, cookies[^1]);
            return load;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task ExpectOkAsync(Uri server, string cookie)
    {
        using var client = Peer.Client(server);
        using var response = await client.GetMeAsync(cookie);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{server} responded with {(int)response.StatusCode} instead of 200.");
    }
}

/// <summary>The result of a load. <paramref name="P50"/> and <paramref name="P99"/> are in microseconds.</summary>
internal sealed record Load(long Requests, long Micros, long P50, long P99, long Refused, long Failed)
{
    public double PerSecond => Requests / (Micros / 1e6);
}
