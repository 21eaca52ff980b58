using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A refused sign-in says nothing of why.</summary>
[Collection<OnFarmSite>]
public sealed partial class RefusalRequirements(FarmSite site)
{
    private const int FailuresToLock = 10;

    [Fact]
    public async Task R04_Unknown_wrong_locked_and_disabled_are_answered_alike()
    {
        var known = await site.RegisterAsync();
        var disabled = await site.RegisterAsync();
        await site.RunAsync("accounts", "disable", disabled.UserName);
        var unknown = $"p{Guid.NewGuid():N}";
        var reference = await RefusedAsync(unknown, "some wrong password here");

        for (var failure = 0; failure < FailuresToLock; failure++)
            Assert.Equal(reference, await RefusedAsync(known.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedAsync(known.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedAsync(known.UserName, known.Password));
        Assert.Equal(reference, await RefusedAsync(disabled.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedAsync(disabled.UserName, disabled.Password));
        Assert.Equal(reference, await RefusedAsync(unknown, "some wrong password here"));
    }

    /// <summary>Status, headers and body, without what differs between any two answers.</summary>
    private async Task<string> RefusedAsync(string userName, string password)
    {
        using var visitor = new Visitor(site.Url);
        var node = site.Nodes["node-b"];
        await visitor.GetAsync("/account/login", node);
        var answer = await Answer.KeepAsync(await visitor.SubmitSignInAsync(userName, password, node));
        Assert.Null(visitor.Cookies.Session);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var headers = answer.Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return string.Join('\n', headers) + Token().Replace(answer.Body, "").Replace(userName, "NAME", StringComparison.Ordinal);
    }

    [GeneratedRegex("""<input name="__RequestVerificationToken"[^>]*>""")]
    private static partial Regex Token();
}
