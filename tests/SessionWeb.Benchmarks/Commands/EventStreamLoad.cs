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

        // By then, memory that only the opening needed is released.
        var readers = streams.Select(stream => new Reader(stream)).ToArray();
        await Wait.UntilAsync(
            () => readers.All(reader => reader.Heartbeats >= 2), "each stream received two heartbeats");
        var open = node.Process.Megabytes;
        Console.WriteLine($"node, all open   {open,6:0.0} MB: {(open - before) * 1024 / count:0.0} KB per stream");

        var ended = Stopwatch.GetTimestamp();
        await AppNode.SignOutAsync(alice);
        var times = (await Task.WhenAll(readers.Select(reader => reader.Ended)))
            .Select(at => Stopwatch.GetElapsedTime(ended, at).TotalMilliseconds).Order().ToArray();
        Console.WriteLine(
            $"end reported     median {times[count / 2]:0} ms, 99 % within {times[count * 99 / 100]:0} ms, "
            + $"all within {times[^1]:0} ms");
    }

    private sealed class Reader
    {
        private int _heartbeats;

        public Reader(HttpResponseMessage stream) => Ended = ReadAsync(stream);

        /// <summary>The timestamp of the event.</summary>
        public Task<long> Ended { get; }

        public int Heartbeats => Volatile.Read(ref _heartbeats);

        private async Task<long> ReadAsync(HttpResponseMessage stream)
        {
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line == "event: revoked")
                    return Stopwatch.GetTimestamp();
                if (line == ":")
                    Interlocked.Increment(ref _heartbeats);
            }

            throw new InvalidOperationException("A stream closed without the event 'revoked'.");
        }
    }
}
