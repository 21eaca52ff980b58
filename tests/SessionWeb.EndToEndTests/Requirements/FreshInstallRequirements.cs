using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>An installation before its setup.</summary>
[Collection<EmbeddedSiteGroup>]
public sealed class FreshInstallRequirements
{
    [Fact]
    public async Task R13_Fresh_installation_has_no_account()
    {
        await using var app = new EmbeddedApp();
        app.Settings["environment"] = "Production";
        app.Settings["ForwardedHeaders:KnownProxies"] = "127.0.0.1";
        app.Settings["Accounts:BcryptCost"] = "10";
        await app.InitializeAsync();

        foreach (var (name, password) in ((string, string)[])
        [
            ("admin", "admin"), ("admin", "password"), ("admin", ""), ("administrator", "administrator"),
            ("root", "root"), ("sa", "sa"), ("test", "test"),
            .. new[] { TestUsers.Admin, TestUsers.Alice, TestUsers.Bob }
                .Select(account => (account.UserName, account.Password)),
        ])
        {
            using var visitor = new Visitor(app.Url);
            visitor.Headers["X-Forwarded-Proto"] = "https";
            using var response = await visitor.SubmitSignInAsync(name, password);
            Assert.Null(visitor.Cookies.Session);
            Assert.NotEqual(HttpStatusCode.Redirect, response.StatusCode);
        }

        using var anonymous = new Visitor(app.Url);
        anonymous.Headers["X-Forwarded-Proto"] = "https";
        using var register = await anonymous.GetAsync("/account/register");
        Assert.Equal(HttpStatusCode.NotFound, register.StatusCode);
        using var setup = await anonymous.GetAsync("/setup?token=guess");
        Assert.Equal(HttpStatusCode.NotFound, setup.StatusCode);
    }
}
