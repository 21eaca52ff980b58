using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.UnitTests.Revocation;

public sealed class LogFormatTests
{
    [Theory]
    [InlineData("1 id 1790000000000 account 7 one,two 3", 7L, 2, 3L)]
    [InlineData("1 id 1790000000000 account - one -", null, 1, null)]
    [InlineData("1 id 1790000000000 * 7 - -", 7L, 0, null)]
    public void Entry_is_parsed(string member, long? generation, int handles, long? claims)
    {
        var entry = LogFormat.ReadEntry(member);
        Assert.Equal(
            ("id", generation, handles, claims),
            (entry.Id, entry.Generation, entry.Handles.Count, entry.ClaimsVersion));
    }

    /// <summary>During an upgrade, nodes of different versions share a log and a register.</summary>
    [Fact]
    public void A14_Additional_fields_are_ignored()
    {
        var entry = LogFormat.ReadEntry("1 id 1790000000000 account 7 one,two 3 more fields");
        Assert.Equal((7L, 3L), (entry.Generation, entry.ClaimsVersion));
        Assert.Equal(["one", "two"], entry.Handles);
        var node = LogFormat.ReadNode("name:1", "1 5 2 1790000000000 2000 more fields");
        Assert.Equal((5L, TimeSpan.FromSeconds(2)), (node.Acknowledged, node.Lease));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 id 1790000000000 account")]
    [InlineData("2 id 1790000000000 account 7 one,two 3")]
    [InlineData("1 id x account 7 one,two 3")]
    public void Entry_of_another_format_is_rejected(string member) =>
        Assert.Throws<SessionStoreUnavailableException>(() => LogFormat.ReadEntry(member));
}
