using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A refused sign-in does not reveal why it was refused.</summary>
[Collection<FarmSiteGroup>]
public sealed partial class SignInRefusalRequirements(FarmSite site)
{
    private const int FailuresUntilLock = 10;

    [Fact]
    public async Task R04_All_refused_sign_ins_get_the_same_response()
    {
        var locked = await site.RegisterAsync();
        var disabled = await site.RegisterAsync();
        await site.RunAsync("accounts", "disable", disabled.UserName);
        var unknown = $"p{Guid.NewGuid():N}";
        var reference = await RefusedResponseAsync(unknown, "some wrong password here");

        for (var failure = 0; failure < FailuresUntilLock; failure++)
            Assert.Equal(reference, await RefusedResponseAsync(locked.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedResponseAsync(locked.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedResponseAsync(locked.UserName, locked.Password));
        Assert.Equal(reference, await RefusedResponseAsync(disabled.UserName, "some wrong password here"));
        Assert.Equal(reference, await RefusedResponseAsync(disabled.UserName, disabled.Password));
        Assert.Equal(reference, await RefusedResponseAsync(unknown, "some wrong password here"));
    }

    /// <summary>Returns headers and body without the parts that differ between any two responses.</summary>
    private async Task<string> RefusedResponseAsync(string userName, string password)
    {
        using var visitor = new Visitor(site.Url);
        var node = site.Nodes["node-b"];
        await visitor.GetAsync("/account/login", node);
        var response = await Response.ReadAsync(await visitor.SubmitSignInAsync(userName, password, node));
        Assert.Null(visitor.Cookies.Session);
        Assert.Equal(HttpStatusCode.OK, response.Status);
        var headers = response.Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return string.Join('\n', headers)
            + Token().Replace(response.Body, "").Replace(userName, "NAME", StringComparison.Ordinal);
    }

    [GeneratedRegex("""<input name="__RequestVerificationToken"[^>]*>""")]
    private static partial Regex Token();
}
