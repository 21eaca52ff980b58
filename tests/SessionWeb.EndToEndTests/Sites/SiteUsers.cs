using System.Net;
using System.Text.Json;

namespace SessionWeb.EndToEndTests.Sites;

/// <summary>Registers, signs in and queries the users of a site.</summary>
internal static class SiteUsers
{
    /// <summary>Registers a new user without signing in.</summary>
    public static async Task<TestUser> RegisterAsync(this ISite site, string? name = null)
    {
        var user = new TestUser(name ?? $"p{Guid.NewGuid():N}", $"the secret of {Guid.NewGuid():N}");
        using var visitor = new Visitor(site.Url);
        using var response = await visitor.SubmitAsync("/account/register", fields: new()
        {
            ["Input.UserName"] = user.UserName,
            ["Input.Email"] = "someone@example.org",
            ["Input.Password"] = user.Password,
            ["Input.ConfirmPassword"] = user.Password,
        });
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return user;
    }

    /// <summary>Returns a visitor that is signed in, as a new user by default.</summary>
    public static async Task<Visitor> SignInAsync(this ISite site, TestUser? user = null, Uri? at = null)
    {
        user ??= await site.RegisterAsync();
        var visitor = new Visitor(site.Url);
        await visitor.SignInAsync(user, at);
        return visitor;
    }

    /// <summary>Revokes a session as an administrator.</summary>
    public static Task<HttpResponseMessage> RevokeAsync(this Visitor admin, Me session, Uri? at = null) =>
        admin.SubmitAsync(
            "/admin/sessions", "revoke", new() { ["account"] = session.AccountId, ["id"] = session.Session }, at: at);

    public static async Task<Me> MeAsync(this Visitor visitor, Uri? at = null) =>
        JsonSerializer.Deserialize<Me>(await visitor.ReadAsync("/api/me", at), JsonSerializerOptions.Web)!;

    /// <summary>Returns the cells of an account's audit entries, oldest entry first.</summary>
    public static async Task<IReadOnlyList<string[]>> AuditAsync(this Visitor admin, TestUser user)
    {
        var csv = await admin.ReadAsync($"/admin/audit?handler=csv&account={user.UserName}");
        // The export prefixes a cell that begins with a dash, as a handle may.
        return
        [
            .. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => line.Split(',').Select(cell => cell.TrimStart('\'')).ToArray()).Reverse()
        ];
    }
}

/// <summary>The response of /api/me.</summary>
internal sealed record Me(string AccountId, string Account, string[] Roles, string Session, string Node);
