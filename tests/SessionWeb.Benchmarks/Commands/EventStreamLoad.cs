using System.Diagnostics;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// Opens many event streams of one session at one node, signs out, and waits until each stream has reported the end.
/// The store is the one of <c>ConnectionStrings__Redis</c>, or the embedded one.
/// </summary>
internal static class EventStreamLoad
{
    private const int Parallelism = 50;

    public static async Task RunAsync(int count)
    {
        await using var node = await AppNode.StartAsync(
            ("Sessions__MaxStreamsPerSession", "100000"), ("Sessions__MaxStreamsPerAccount", "100000"));
        using var alice = await node.SignInAsync("alice");
        var before = node.Process.Megabytes;
        Console.WriteLine($"node, before     {before,6:0.0} MB");

        var streams = new HttpResponseMessage[count];
        var opening = Stopwatch.GetTimestamp();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism };
        await Parallel.ForAsync(0, count, parallel, async (i, cancellation) =>
        {
            streams[i] = await alice.GetAsync(
                "/session/events", HttpCompletionOption.ResponseHeadersRead, cancellation);
            streams[i].EnsureSuccessStatusCode();
        });
        var openingTime = Stopwatch.GetElapsedTime(opening);
        Console.WriteLine($"opened           {openingTime.TotalSeconds,6:0.0} s for {count} streams");

        // Waits for two keep-alive intervals, so that memory that only the opening needed is released.
        await Task.Delay(TimeSpan.FromSeconds(45));
        var open = node.Process.Megabytes;
        Console.WriteLine($"node, all open   {open,6:0.0} MB: {(open - before) * 1024 / count:0.0} KB per stream");

        var readers = streams.Select(ReadAsync).ToArray();
        var ended = Stopwatch.GetTimestamp();
        await AppNode.SignOutAsync(alice);
        var times = (await Task.WhenAll(readers))
            .Select(at => Stopwatch.GetElapsedTime(ended, at).TotalMilliseconds).Order().ToArray();
        Console.WriteLine(
            $"end reported     median {times[count / 2]:0} ms, 99 % within {times[count * 99 / 100]:0} ms, "
            + $"all within {times[^1]:0} ms");
    }

    private static async Task<long> ReadAsync(HttpResponseMessage stream)
    {
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line == "event: revoked")
                return Stopwatch.GetTimestamp();
        }

        throw new InvalidOperationException("A stream closed without the event 'revoked'.");
    }
}
