using System.Diagnostics;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Opens many streams of one session at a node of its own, with the store that <c>ConnectionStrings__Redis</c> says, or the embedded one; then
/// signs out, and waits until every stream has told it.
/// </summary>
internal static class Streams
{
    private const int AtOnce = 50;

    public static async Task RunAsync(int count)
    {
        await using var node = await AppNode.StartAsync(
            ("Sessions__MaxStreamsPerSession", "100000"), ("Sessions__MaxStreamsPerAccount", "100000"));
        using var alice = await node.SignInAsync("alice");
        var before = node.Process.Megabytes;
        Console.WriteLine($"node, before     {before,6:0.0} MB");

        var streams = new HttpResponseMessage[count];
        var opening = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancel) =>
            streams[i] = (await alice.GetAsync("/session/events", HttpCompletionOption.ResponseHeadersRead, cancel)).EnsureSuccessStatusCode());
        Console.WriteLine($"opened           {Stopwatch.GetElapsedTime(opening).TotalSeconds,6:0.0} s for {count} streams");

        // Two heartbeats, so that what is needed only for opening is gone.
        await Task.Delay(TimeSpan.FromSeconds(45));
        var open = node.Process.Megabytes;
        Console.WriteLine($"node, all open   {open,6:0.0} MB: {(open - before) * 1024 / count:0.0} KB a stream");

        var readers = streams.Select(ReadAsync).ToArray();
        var ended = Stopwatch.GetTimestamp();
        await AppNode.SignOutAsync(alice);
        var times = (await Task.WhenAll(readers)).Select(at => Stopwatch.GetElapsedTime(ended, at).TotalMilliseconds).Order().ToArray();
        Console.WriteLine($"told of an end   median {times[count / 2]:0} ms, 99 % within {times[count * 99 / 100]:0} ms, all within {times[^1]:0} ms");
    }

    private static async Task<long> ReadAsync(HttpResponseMessage stream)
    {
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
            if (line == "event: revoked")
                return Stopwatch.GetTimestamp();
        throw new InvalidOperationException("A stream was closed without a word.");
    }
}
