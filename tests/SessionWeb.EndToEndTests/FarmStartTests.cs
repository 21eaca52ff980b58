using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SessionWeb.EndToEndTests;

/// <summary>What ./farm.sh refuses before it starts anything: one clear line each.</summary>
public sealed class FarmStartTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("27")]
    [InlineData("many")]
    public async Task Farm_of_an_impossible_size_is_refused_in_one_line(string nodes) =>
        Assert.Equal([$"farm.sh: NODES must be a number from 1 to 26, not '{nodes}'"], await RefusalAsync(nodes, []));

    [Fact]
    public async Task Farm_whose_port_is_in_use_is_refused_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        Assert.Equal([$"farm.sh: port {port} is in use; choose another with FARM_PORT"], await RefusalAsync("1", [new("FARM_PORT", port)]));
    }

    private static async Task<IReadOnlyCollection<string>> RefusalAsync(string nodes, IEnumerable<KeyValuePair<string, string>> environment)
    {
        using var farm = new ChildProcess(Path.Combine(Repository.Root, "farm.sh"), [nodes], environment);
        Assert.Equal(1, await farm.ExitAsync(TimeSpan.FromMinutes(1)));
        return farm.Lines;
    }
}
