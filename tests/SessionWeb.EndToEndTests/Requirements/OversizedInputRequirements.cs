using System.Globalization;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Oversized input is refused before it uses much CPU time.</summary>
[Collection<FarmSiteGroup>]
public sealed class OversizedInputRequirements(FarmSite site)
{
    private const int Megabyte = 1024 * 1024;
    private const int Repetitions = 50;
    private static readonly HttpStatusCode[] RefusedStatuses =
        [HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge];

    [Theory]
    [InlineData("1 MB password", 5, Megabyte)]
    [InlineData("64 KB name", 64 * 1024, 20)]
    [InlineData("maximum form size", 9 * 1024, 9 * 1024)]
    [InlineData("password slightly too long", 5, 1025)]
    [InlineData("name slightly too long", 65, 20)]
    public async Task R12_Oversized_input_is_refused_cheaply(string description, int nameLength, int passwordLength)
    {
        Assert.NotEmpty(description);
        using var visitor = new Visitor(site.Url);
        // Otherwise the server may close the connection before the client reads the response.
        visitor.Headers["Expect"] = "100-continue";
        var node = site.Nodes["node-a"];
        var token = await visitor.TokenAsync("/account/login", node);
        KeyValuePair<string, string>[] fields =
        [
            token,
            new("Input.UserName", new string('n', nameLength)),
            new("Input.Password", new string('p', passwordLength)),
        ];
        foreach (var entryPoint in site.EntryPoints)
        {
            using var response = await visitor.PostAsync("/account/login", fields, entryPoint);
            Assert.Contains(response.StatusCode, RefusedStatuses);
        }

        var pageTicks = await MeasureTicksAsync(async () =>
        {
            using var page = await visitor.GetAsync("/account/login", node);
        });
        var signInTicks = await MeasureTicksAsync(async () =>
        {
            using var response = await visitor.PostAsync("/account/login", fields, node);
            Assert.Contains(response.StatusCode, RefusedStatuses);
        });
        // A password hash costs about 100 times a page. One tick is the resolution.
        Assert.True(
            signInTicks <= 8 * Math.Max(pageTicks, 4),
            $"{Repetitions} oversized sign-ins took {signInTicks} CPU ticks. {Repetitions} pages took {pageTicks}.");
    }

    /// <summary>Returns the CPU time that the node uses for the requests, in kernel ticks.</summary>
    private async Task<long> MeasureTicksAsync(Func<Task> request)
    {
        for (var warmUp = 0; warmUp < Repetitions; warmUp++)
            await request();
        var before = CpuTicks();
        for (var repetition = 0; repetition < Repetitions; repetition++)
            await request();
        return CpuTicks() - before;
    }

    private long CpuTicks()
    {
        var fields = File.ReadAllText($"/proc/{site.ProcessId("node-a")}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
