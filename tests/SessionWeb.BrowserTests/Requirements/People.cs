using System.Net;
using System.Text.Json;
using SessionWeb.BrowserTests.Browsing;
using SessionWeb.BrowserTests.Running;

namespace SessionWeb.BrowserTests.Requirements;

/// <summary>People of a site, and what its nodes make of their cookies.</summary>
internal static class People
{
    /// <summary>Somebody new, signed up and not yet signed in.</summary>
    public static async Task<DemoAccount> JoinAsync(this ISite site, string? name = null)
    {
        name ??= $"p{Guid.NewGuid():N}";
        var account = new DemoAccount(name, $"the secret of {Guid.NewGuid():N}");
        using var visitor = new Visitor(site.Url);
        using var response = await visitor.SubmitAsync("/account/register", new Dictionary<string, string>
        {
            ["Input.UserName"] = account.UserName,
            ["Input.Email"] = "someone@example.org",
            ["Input.Password"] = account.Password,
            ["Input.ConfirmPassword"] = account.Password,
        });
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return account;
    }

    /// <summary>This person, signed in; somebody new if nobody is named.</summary>
    public static async Task<Visitor> EnterAsync(this ISite site, DemoAccount? account = null, Uri? at = null)
    {
        account ??= await site.JoinAsync();
        var visitor = new Visitor(site.Url);
        await visitor.EnterAsync(account, at);
        return visitor;
    }

    /// <summary>Signs in, and sees to it that it worked.</summary>
    public static async Task EnterAsync(this Visitor visitor, DemoAccount account, Uri? at = null)
    {
        using var response = await visitor.SignInAsync(account, at);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.NotNull(visitor.Cookies.Session);
    }

    public static async Task<Me> MeAsync(this Visitor visitor, Uri? at = null) =>
        JsonSerializer.Deserialize<Me>(await visitor.ReadAsync("/api/me", at), JsonSerializerOptions.Web)!;

    /// <summary>What an administrator reads of an account in the audit log: its cells by rows, oldest first.</summary>
    public static async Task<IReadOnlyList<string[]>> AuditAsync(this Visitor admin, DemoAccount account)
    {
        var csv = await admin.ReadAsync($"/admin/audit?handler=csv&account={account.UserName}");
        // A handle may begin with a dash, and a cell that does is marked as text.
        return [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',').Select(cell => cell.TrimStart('\'')).ToArray()).Reverse()];
    }

    /// <summary>Every node, and nginx, takes these cookies for this person's.</summary>
    public static async Task AssertSignedInAsync(this ISite site, CookieJar cookies, DemoAccount account)
    {
        foreach (var entrance in site.Entrances)
        {
            using var visitor = new Visitor(site.Url, cookies.Copy());
            Assert.Equal(account.UserName, (await visitor.MeAsync(entrance)).Account);
            Assert.Contains(account.UserName, await visitor.ReadAsync("/", entrance), StringComparison.Ordinal);
        }
    }

    /// <summary>No node, nor nginx, shows anything to these cookies that a stranger would not see.</summary>
    public static async Task AssertRefusedAsync(this ISite site, CookieJar cookies)
    {
        foreach (var entrance in site.Entrances)
        {
            foreach (var path in (string[])["/", "/account/sessions", "/account/password"])
            {
                using var visitor = new Visitor(site.Url, cookies.Copy());
                using var page = await visitor.GetAsync(path, entrance);
                Assert.True(
                    page.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther
                        || (page.StatusCode == HttpStatusCode.OK && path == "/"
                            && (await page.Content.ReadAsStringAsync()).Contains("You are not signed in.", StringComparison.Ordinal)),
                    $"{entrance}{path[1..]} answered {(int)page.StatusCode}");
            }
            using var program = new Visitor(site.Url, cookies.Copy());
            using var api = await program.GetAsync("/api/me", entrance);
            Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        }
    }

    public static Task AssertRefusedAsync(this ISite site, string session)
    {
        var cookies = new CookieJar();
        cookies.Set("sid", session);
        return site.AssertRefusedAsync(cookies);
    }
}

/// <summary>What /api/me tells.</summary>
internal sealed record Me(string AccountId, string Account, string[] Roles, string Session, string Node);
