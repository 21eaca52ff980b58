using System.Globalization;
using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>What is too large is refused before it costs anything.</summary>
[Collection<OnFarmSite>]
public sealed class OversizeRequirements(FarmSite site)
{
    private const int Megabyte = 1024 * 1024;
    private const int Times = 50;
    private static readonly HttpStatusCode[] Refused = [HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge];

    [Theory]
    [InlineData("a megabyte of password", 5, Megabyte)]
    [InlineData("64 KB of name", 64 * 1024, 20)]
    [InlineData("as much as a form may have", 9 * 1024, 9 * 1024)]
    [InlineData("a password a little too long", 5, 1025)]
    [InlineData("a name a little too long", 65, 20)]
    public async Task R12_Oversized_input_is_refused_cheaply(string what, int nameLength, int passwordLength)
    {
        Assert.NotEmpty(what);
        using var visitor = new Visitor(site.Url);
        // Or it might be hung up on before it has read the answer.
        visitor.Headers["Expect"] = "100-continue";
        var node = site.Nodes["node-a"];
        var token = await visitor.TokenAsync("/account/login", node);
        KeyValuePair<string, string>[] fields = [token, new("Input.UserName", new string('n', nameLength)), new("Input.Password", new string('p', passwordLength))];
        foreach (var entrance in site.Entrances)
        {
            using var answer = await visitor.PostAsync("/account/login", fields, entrance);
            Assert.Contains(answer.StatusCode, Refused);
        }

        var usual = await CostAsync(async () =>
        {
            using var page = await visitor.GetAsync("/account/login", node);
        });
        var oversized = await CostAsync(async () =>
        {
            using var answer = await visitor.PostAsync("/account/login", fields, node);
            Assert.Contains(answer.StatusCode, Refused);
        });
        // A password hash would be a hundred times a page; one tick is the least that can be measured.
        Assert.True(oversized <= 8 * Math.Max(usual, 4), $"{Times} oversized sign-ins took {oversized} ticks of CPU, {Times} pages {usual}.");
    }

    /// <summary>The CPU time of the node, in the kernel's ticks.</summary>
    private async Task<long> CostAsync(Func<Task> request)
    {
        for (var warmUp = 0; warmUp < Times; warmUp++)
            await request();
        var before = Ticks();
        for (var number = 0; number < Times; number++)
            await request();
        return Ticks() - before;
    }

    private long Ticks()
    {
        var fields = File.ReadAllText($"/proc/{site.ProcessId("node-a")}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
