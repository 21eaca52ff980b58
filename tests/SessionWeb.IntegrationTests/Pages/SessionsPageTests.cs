using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>The page /admin/sessions.</summary>
public sealed class SessionsPageTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Page = "/admin/sessions";
    private const string Phone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
        + "Version/17.5 Mobile/15E148 Safari/604.1";

    [Fact]
    public async Task Selected_sessions_are_revoked_with_the_message_and_logged()
    {
        var (id, visitors) = await SignInAsync("selected", 3);
        var handles = await HandlesAsync(visitors);
        var notice = await NoticeAsync(
            "revoke-selected", ("ids", $"{id}:{handles[0]}"), ("ids", $"{id}:{handles[2]}"),
            ("message", " See you at eight. "));

        Assert.Contains("2 sessions revoked.", notice, StringComparison.Ordinal);
        await AssertSignedOutMessageAsync(visitors[0], "See you at eight.");
        await AssertSignedOutMessageAsync(visitors[2], "See you at eight.");
        Assert.Equal([null, handles[1], null], await HandlesAsync(visitors));
        var revoked = await app.Database.QueryAsync(
            "SELECT SessionHandle FROM AuditEntries "
            + "WHERE AccountName = 'selected' AND Event = 'session-revoked' AND Details = $p0", "See you at eight.");
        Assert.Equal(new HashSet<object?> { handles[0], handles[2] }, revoked.Select(row => row[0]).ToHashSet());
        Assert.Equal(
            [1L, 1L],
            (await app.AuditAsync("selected")).Where(entry => entry.Event == "sessions-ended")
                .Select(entry => entry.Count!.Value));
    }

    [Fact]
    public async Task Ended_and_current_sessions_in_a_selection_are_reported()
    {
        var (id, visitors) = await SignInAsync("partly", 2);
        var (admin, current) = (await app.Database.AccountIdAsync("admin"), await app.Admin.HandleAsync());
        var handles = await HandlesAsync(visitors);
        await visitors[0].SignOutAsync();
        var notice = await NoticeAsync(
            "revoke-selected", ("ids", $"{id}:{handles[0]}"), ("ids", $"{id}:{handles[1]}"),
            ("ids", $"{admin}:{current}"), ("ids", "unknown:AAAAAAAAAAAA"), ("ids", ":"), ("ids", $"{id}:"),
            ("ids", "nonsense"));

        Assert.Contains(
            "1 session revoked. 5 sessions had already ended. Your current session was kept.", notice,
            StringComparison.Ordinal);
        Assert.Null(await visitors[1].HandleAsync());
        Assert.Equal(current, await app.Admin.HandleAsync());
        Assert.Contains(
            "No sessions were revoked. Select at least one session, then try again.",
            await NoticeAsync("revoke-selected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_applies_to_every_revoke_button()
    {
        var (id, visitors) = await SignInAsync("pressed", 2);
        var longest = new string('m', 300);
        await NoticeAsync(
            $"revoke&account={id}", ("id", (await visitors[0].HandleAsync())!), ("message", "To the one."));
        await AssertSignedOutMessageAsync(visitors[0], "To the one.");
        await NoticeAsync($"revoke-account&account={id}", ("message", longest));
        await AssertSignedOutMessageAsync(visitors[1], longest);
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("revoke-selected")]
    [InlineData("revoke-account")]
    [InlineData("revoke-everyone")]
    public async Task Message_over_the_maximum_length_is_refused(string handler)
    {
        var (id, visitors) = await SignInAsync($"toolong-{handler}", 1);
        var selected = $"{id}:{await visitors[0].HandleAsync()}";
        var message = new string('m', 301);
        using var response = await app.Admin.SubmitManyAsync(
            $"{Page}?q=toolong", handler, ("account", id),
            ("id", selected.Split(':')[1]), ("ids", selected), ("sure", "true"), ("message", message));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "A message can have at most 300 characters, but this one has 301. No sessions were revoked.",
            html, StringComparison.Ordinal);
        // The form keeps the message and the selection.
        Assert.Equal(2, html.Split(message).Length);
        Assert.Contains(
            $"""name="ids" value="{selected}" checked="checked" """.TrimEnd(), html, StringComparison.Ordinal);
        Assert.NotNull(await visitors[0].HandleAsync());
        Assert.DoesNotContain(await app.AuditAsync($"toolong-{handler}"),
            entry => entry.Event.Contains("revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_are_filtered_and_sorted()
    {
        var id = await app.AddAccountAsync("filter.b", Password);
        await app.AddAccountAsync("filter.a", Password);
        using var desk = app.NewVisitor();
        using var phone = new Visitor(app.Url) { UserAgent = Phone };
        using var other = app.NewVisitor();
        await desk.TrySignInAsync("filter.b", Password);
        await phone.TrySignInAsync("filter.b", Password, rememberMe: true);
        await other.TrySignInAsync("filter.a", Password);
        var (onDesk, onPhone, ofOther) =
            ((await desk.HandleAsync())!, (await phone.HandleAsync())!, (await other.HandleAsync())!);

        Assert.Equal([onPhone], await FindHandlesAsync("q=filter&device=iphone"));
        Assert.Equal([onPhone], await FindHandlesAsync("device=SAFARI&persistent=yes"));
        Assert.Equal([ofOther, onDesk], await FindHandlesAsync("q=filter&persistent=no&sort=signed-in"));
        Assert.Equal(ofOther, (await FindHandlesAsync("q=filter&sort=name"))[0]);
        Assert.Equal(3, (await FindHandlesAsync("q=FILTER.&ip=")).Count);
        Assert.Empty(await FindHandlesAsync("q=filter&ip=203.0.113."));
        var addresses = await app.Database.QueryAsync("SELECT IpAddress FROM Sessions WHERE AccountId = $p0", id);
        Assert.Equal(3, (await FindHandlesAsync($"q=filter&ip={((string)addresses[0][0]!)[..2]}")).Count);
        Assert.Equal(3, (await FindHandlesAsync("q=filter&persistent=perhaps&sort=colour&page=x")).Count);

        async Task<List<string>> FindHandlesAsync(string query)
        {
            var html = await app.Admin.ReadAsync($"{Page}?{query}");
            return [.. html.Split("class=\"code\">").Skip(1).Select(part => part[..12])];
        }
    }

    [Fact]
    public async Task Action_redirects_to_the_same_filtered_list()
    {
        var (id, visitors) = await SignInAsync("same.list", 1);
        using var response = await app.Admin.SubmitManyAsync(
            $"{Page}?q=same.list&sort=name&page=2", "revoke-selected",
            ("ids", $"{id}:{await visitors[0].HandleAsync()}"));
        Assert.Equal($"{Page}?q=same.list&sort=name&page=2", response.Headers.Location?.OriginalString);
    }

    private async Task<(string AccountId, Visitor[] Visitors)> SignInAsync(string userName, int times)
    {
        var id = await app.AddAccountAsync(userName, Password);
        var visitors = Enumerable.Range(0, times).Select(_ => app.NewVisitor()).ToArray();
        foreach (var visitor in visitors)
            Assert.True(await visitor.TrySignInAsync(userName, Password));
        return (id, visitors);
    }

    private static async Task<List<string?>> HandlesAsync(Visitor[] visitors)
    {
        var handles = new List<string?>();
        foreach (var visitor in visitors)
            handles.Add(await visitor.HandleAsync());
        return handles;
    }

    private async Task<string> NoticeAsync(string handler, params IEnumerable<(string, string)> fields)
    {
        using (var response = await app.Admin.SubmitManyAsync(Page, handler, fields))
            Assert.Equal(Page, response.Headers.Location?.OriginalString);
        return await app.Admin.ReadAsync(Page);
    }

    private static async Task AssertSignedOutMessageAsync(Visitor visitor, string message)
    {
        using var response = await visitor.GetAsync("/account/sessions");
        Assert.Contains(
            $"<blockquote dir=\"auto\">{message}</blockquote>",
            await visitor.ReadAsync(response.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }
}
