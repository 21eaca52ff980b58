using SessionWeb.Pages.Account;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Administration;

public sealed class RevocationTextTests
{
    private static readonly NodeAcknowledgement A = new("node-a", TimeSpan.FromMilliseconds(2));
    private static readonly NodeAcknowledgement B = new("node-b", null);
    private static readonly NodeAcknowledgement C = new("node-c", null);

    [Fact]
    public void Notice_names_acknowledgements_and_duration()
    {
        Assert.Equal("", RevocationText.Appended(null));
        Assert.Equal("", RevocationText.Appended(RevocationResult.Immediate(3)));
        Assert.Equal(" Confirmed by 1 of 1 node in 4 ms.", RevocationText.Appended(Of(4, A)));
        Assert.Equal(
            " Confirmed by 1 of 2 nodes in 2052 ms; node-b did not answer, and accepts no sessions until it has "
                + "caught up.",
            RevocationText.Appended(Of(2052, A, B)));
        Assert.Equal(
            " Confirmed by 1 of 3 nodes in 2052 ms; node-b, node-c did not answer, and accept no sessions "
                + "until they have caught up.",
            RevocationText.Appended(Of(2052, A, B, C)));
        Assert.StartsWith(
            " Pending: ", RevocationText.Appended(new RevocationResult(0, [], true, TimeSpan.Zero)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_counts_the_other_devices()
    {
        Assert.Equal("", OwnRevocationText.OfOtherDevices(RevocationResult.None));
        Assert.Equal(
            " One other device was signed out.", OwnRevocationText.OfOtherDevices(RevocationResult.Immediate(1)));
        Assert.Equal(
            " 2 other devices were signed out. Confirmed by 1 of 1 node in 4 ms.",
            OwnRevocationText.OfOtherDevices(Of(4, A) with { Ended = 2 }));
    }

    private static RevocationResult Of(int milliseconds, params NodeAcknowledgement[] nodes) =>
        new(1, nodes, false, TimeSpan.FromMilliseconds(milliseconds));
}
