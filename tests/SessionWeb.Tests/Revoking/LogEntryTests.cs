using SessionWeb.Sessions;
using SessionWeb.Sessions.Revoking;

namespace SessionWeb.Tests.Revoking;

public sealed class LogEntryTests
{
    [Theory]
    [InlineData("id 1790000000000 someone 7 one,two 3", 7L, 2, 3L)]
    [InlineData("id 1790000000000 someone - one -", null, 1, null)]
    [InlineData("id 1790000000000 * 7 - -", 7L, 0, null)]
    public void Entry_is_read_as_it_was_written(string member, long? generation, int handles, long? claims)
    {
        var entry = LogEntry.Parse(member);
        Assert.Equal((generation, handles, claims), (entry.Generation, entry.Handles.Count, entry.ClaimsVersion));
        Assert.Equal(member, $"{entry.Id} 1790000000000 {entry}");
    }

    /// <summary>While a farm is upgraded, its nodes share a log.</summary>
    [Theory]
    [InlineData("id 1790000000000 someone 7 one,two", null)]
    [InlineData("id 1790000000000 someone 7 one,two 3 more", 3L)]
    public void Entry_of_another_version_revokes_the_same(string member, long? claims)
    {
        var entry = LogEntry.Parse(member);
        Assert.Equal(("id", 7L, claims), (entry.Id, entry.Generation, entry.ClaimsVersion));
        Assert.Equal(new AccountTag("someone"), entry.Account);
        Assert.Equal(["one", "two"], entry.Handles);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id 1790000000000 someone")]
    public void What_is_no_entry_is_not_taken_for_one(string member) => Assert.Throws<SessionStoreUnavailableException>(() => LogEntry.Parse(member));
}
