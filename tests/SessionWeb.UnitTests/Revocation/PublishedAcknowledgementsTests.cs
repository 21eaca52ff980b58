using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.UnitTests.Revocation;

public sealed class PublishedAcknowledgementsTests : IDisposable
{
    private static readonly AppendedEntry Entry = new(5, "log", new(), TimeSpan.FromSeconds(2));

    private readonly AcknowledgementCollector _published = new(TimeProvider.System, _ => { });

    [Theory]
    [InlineData("log 5 b", true)]
    [InlineData("log 6 b", true)]
    [InlineData("log 4 b", false)]
    [InlineData("another 5 b", false)]
    [InlineData("log 5 c", false)]
    [InlineData("log 5", false)]
    [InlineData("log x b", false)]
    [InlineData("", false)]
    public async Task All_nodes_must_acknowledge_the_entry_in_the_same_log(string message, bool expected)
    {
        Add("log 5 a");
        Add(message);

        Assert.Equal(expected, await _published.WaitAsync(Entry, ["a", "b"], TimeSpan.FromMilliseconds(1)));
        Assert.NotNull(_published.ReceivedAt(Entry, "a"));
    }

    [Fact]
    public async Task Acknowledgement_that_comes_later_ends_the_wait()
    {
        var waiting = _published.WaitAsync(Entry, ["a", "name with spaces:1"], TimeSpan.FromMinutes(1));
        Add("log 7 a");
        Assert.False(waiting.IsCompleted);
        Add("log 5 name with spaces:1");

        Assert.True(await waiting);
    }

    public void Dispose() => _published.Dispose();

    private void Add(string message)
    {
        if (LogFormat.TryReadAcknowledgement(message) is { } acknowledgement)
            _published.Add(acknowledgement);
    }
}
