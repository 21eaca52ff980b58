using System.Net;
using System.Text.Json;

namespace SessionWeb.IntegrationTests.Security;

/// <summary>What responses disclose, and how pages display user input.</summary>
public sealed class DisclosureTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Theory]
    [InlineData("--Logging:LogLevel:Default=Information", null)]
    [InlineData("--Node:Name=node-a", "node-a")]
    [InlineData("--Node:ShowInResponses=true", "-")]
    public async Task B15_Default_node_name_is_not_disclosed(string setting, string? shown)
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development", setting);
        using var alice = app.NewVisitor();
        await alice.SignInAsync(TestUsers.Alice);
        using var me = JsonDocument.Parse(await alice.ReadAsync("/api/me"));
        var node = me.RootElement.GetProperty("node").GetString();
        var start = await alice.ReadAsync("/");
        if (shown is null)
            Assert.Null(node);
        else
            Assert.Contains(shown, node, StringComparison.Ordinal);
        Assert.Equal(shown is not null, start.Contains("Served by node", StringComparison.Ordinal));
        Assert.Equal(shown == "-", start.Contains(Environment.MachineName + "-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B15_Message_cannot_reorder_text()
    {
        const string Message = "Call \u202eknab eht\u202c\u200b now \u2764\ufe0f";
        const string Shown = "Call \ufffdknab eht\ufffd\ufffd now \u2764\ufe0f";
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development");
        using var admin = app.NewVisitor();
        await admin.SignInAsync(TestUsers.Admin);
        using var alice = app.NewVisitor();
        await alice.SignInAsync(TestUsers.Alice);
        using var me = JsonDocument.Parse(await alice.ReadAsync("/api/me"));
        var id = me.RootElement.GetProperty("accountId").GetString()!;

        (await admin.SubmitAsync("/admin/sessions", "revoke", new()
        {
            ["account"] = id,
            ["id"] = me.RootElement.GetProperty("session").GetString()!,
            ["message"] = Message,
        })).Dispose();
        using (var ended = await alice.GetAsync("/account/sessions"))
        {
            Assert.Equal(HttpStatusCode.SeeOther, ended.StatusCode);
            AssertShown(await alice.ReadAsync(ended.Headers.Location!.ToString()));
        }
        (await admin.SubmitAsync($"/admin/accounts/{id}", "disable", new() { ["Input.Message"] = Message })).Dispose();
        AssertShown(await admin.ReadAsync($"/admin/accounts/{id}"));

        static void AssertShown(string page)
        {
            Assert.Contains(Shown, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.DoesNotContain(WebUtility.HtmlDecode(page), c => c is '\u202e' or '\u202c' or '\u200b');
        }
    }

    public void Dispose() => _data.Dispose();
}
