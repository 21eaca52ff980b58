using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.UnitTests.Revocation;

public sealed class AcknowledgementCollectorTests : IDisposable
{
    private static readonly AppendedEntry Entry = new(5, "log", new(), TimeSpan.FromSeconds(2));

    private readonly AcknowledgementCollector _collector = new(TimeProvider.System, _ => { });

    [Theory]
    [InlineData("log 5 b", true)]
    [InlineData("log 6 b", true)]
    [InlineData("log 4 b", false)]
    [InlineData("another 5 b", false)]
    [InlineData("log 5 c", false)]
    [InlineData("log 5", false)]
    [InlineData("log x b", false)]
    [InlineData("", false)]
    public async Task Wait_ends_when_all_nodes_acknowledge_the_entry(string message, bool expected)
    {
        Add("log 5 a");
        Add(message);

        Assert.Equal(expected, await _collector.WaitAsync(Entry, ["a", "b"], TimeSpan.FromMilliseconds(1)));
        Assert.NotNull(_collector.ReceivedAt(Entry, "a"));
    }

    [Fact]
    public async Task Later_acknowledgement_ends_the_wait()
    {
        var waiting = _collector.WaitAsync(Entry, ["a", "name with spaces:1"], TimeSpan.FromMinutes(1));
        Add("log 7 a");
        Assert.False(waiting.IsCompleted);
        Add("log 5 name with spaces:1");

        Assert.True(await waiting);
    }

    public void Dispose() => _collector.Dispose();

    private void Add(string message)
    {
        if (LogFormat.TryReadAcknowledgement(message) is { } acknowledgement)
            _collector.Add(acknowledgement);
    }
}
