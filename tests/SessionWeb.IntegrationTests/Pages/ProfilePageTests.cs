using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class ProfilePageTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Fact]
    public async Task Rename_applies_to_the_next_request()
    {
        var id = await app.AddAccountAsync("maiden.name", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("maiden.name", Password);
        var handle = await visitor.HandleAsync();
        (await app.Admin.SubmitAsync(
            $"/admin/accounts/{id}", "rename", new() { ["Input.UserName"] = "married.name" })).Dispose();

        Assert.Equal(handle, await visitor.HandleAsync());
        Assert.Contains("\"account\":\"married.name\"", await visitor.ReadAsync("/api/me"), StringComparison.Ordinal);
        Assert.Contains("You are signed in as married.name", await visitor.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains(
            ">married.name</a>", await app.Admin.ReadAsync("/admin/sessions?q=married"), StringComparison.Ordinal);
        Assert.Contains(
            "maiden.name → married.name",
            WebUtility.HtmlDecode(await app.Admin.ReadAsync("/admin/audit?account=married.name")),
            StringComparison.Ordinal);
        Assert.False(await app.NewVisitor().TrySignInAsync("maiden.name", Password));
        Assert.True(await app.NewVisitor().TrySignInAsync("married.name", Password));
    }

    [Theory]
    [InlineData("rename", "Input.UserName", "admin", "is already taken")]
    [InlineData("rename", "Input.UserName", "", "Enter a user name.")]
    [InlineData("change-email", "Input.Email", "nonsense", "Enter a valid email address.")]
    public async Task Invalid_name_or_email_reports_the_error_at_its_field(
        string handler, string field, string value, string error)
    {
        var name = $"invalid{handler}{value}".Replace("-", "", StringComparison.Ordinal);
        var id = await app.AddAccountAsync(name, Password);
        using var response = await app.Admin.SubmitAsync($"/admin/accounts/{id}", handler, new() { [field] = value });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches(
            $"data-valmsg-for=\"{field}\"[^>]*>[^<]*{error}",
            WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));
        Assert.Equal(["account-added"], (await app.AuditAsync(name)).Select(entry => entry.Event));
    }

    [Fact]
    public async Task Email_change_by_its_user_keeps_the_session()
    {
        await app.AddAccountAsync("own.address", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("own.address", Password);
        var handle = await visitor.HandleAsync();
        using (var wrong = await SubmitAsync("own@example.org", "not my password"))
        {
            Assert.Matches(
                "data-valmsg-for=\"Input.CurrentPassword\"[^>]*>Incorrect password",
                await wrong.Content.ReadAsStringAsync());
        }

        using (var nonsense = await SubmitAsync("own", Password))
        {
            Assert.Matches(
                "data-valmsg-for=\"Input.Email\"[^>]*>Enter a valid email address",
                await nonsense.Content.ReadAsStringAsync());
        }

        (await SubmitAsync("own@example.org", Password)).Dispose();

        Assert.Equal(handle, await visitor.HandleAsync());
        var page = await visitor.ReadAsync("/account/profile");
        Assert.Contains("Your email address was changed.", page, StringComparison.Ordinal);
        Assert.Contains("<dd>own@example.org</dd>", page, StringComparison.Ordinal);
        Assert.Equal(
            ["account-added", "signed-in", "sign-in-refused", "email-changed"],
            (await app.AuditAsync("own.address")).Select(entry => entry.Event));

        Task<HttpResponseMessage> SubmitAsync(string email, string password) =>
            visitor.SubmitAsync(
                "/account/profile", "", new() { ["Input.Email"] = email, ["Input.CurrentPassword"] = password });
    }
}
