using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SessionWeb.EndToEndTests;

/// <summary>./farm.sh reports invalid input in one line, before it starts a process.</summary>
public sealed class FarmStartTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("27")]
    [InlineData("many")]
    public async Task Invalid_node_count_fails_with_one_error_line(string nodes) =>
        Assert.Equal(
            [$"farm.sh: NODES must be a number from 1 to 26, not '{nodes}'"], await ErrorLinesAsync(nodes, []));

    [Fact]
    public async Task Port_in_use_fails_with_one_error_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(
            [$"farm.sh: port {port} is in use; choose another with FARM_PORT"],
            await ErrorLinesAsync("1", [new("FARM_PORT", port)]));
    }

    private static async Task<IReadOnlyCollection<string>> ErrorLinesAsync(
        string nodes, IEnumerable<KeyValuePair<string, string>> environment)
    {
        using var farm = new ChildProcess(Path.Combine(Repository.Root, "farm.sh"), [nodes], environment);
        Assert.Equal(1, await farm.WaitForExitAsync(TimeSpan.FromMinutes(1)));
        return farm.Lines;
    }
}
