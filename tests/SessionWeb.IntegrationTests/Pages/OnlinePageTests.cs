using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>/admin/sessions: who is online.</summary>
public sealed class OnlinePageTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Page = "/admin/sessions";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1";

    [Fact]
    public async Task Chosen_sessions_end_with_the_message_and_each_is_in_the_log()
    {
        var (id, people) = await SignInAsync("chosen", 3);
        var handles = await HandlesAsync(people);
        var notice = await NoticeAsync("revoke-selected", ("ids", $"{id}:{handles[0]}"), ("ids", $"{id}:{handles[2]}"), ("message", " See you at eight. "));

        Assert.Contains("2 sessions revoked.", notice, StringComparison.Ordinal);
        await ToldAsync(people[0], "See you at eight.");
        await ToldAsync(people[2], "See you at eight.");
        Assert.Equal([null, handles[1], null], await HandlesAsync(people));
        var revoked = await app.Database.QueryAsync("SELECT SessionHandle FROM AuditEntries WHERE AccountName = 'chosen' AND Event = 'session-revoked' AND Details = $p0", "See you at eight.");
        Assert.Equal(new HashSet<object?> { handles[0], handles[2] }, revoked.Select(row => row[0]).ToHashSet());
        Assert.Equal([1L, 1L], (await app.AuditAsync("chosen")).Where(entry => entry.Event == "sessions-ended").Select(entry => entry.Count!.Value));
    }

    [Fact]
    public async Task Chosen_session_that_is_gone_or_ones_own_is_told_and_the_others_end()
    {
        var (id, people) = await SignInAsync("partly", 2);
        var (admin, own) = ((string)(await app.Database.QueryAsync("SELECT Id FROM Accounts WHERE UserName = 'admin'")).Single()[0]!, await app.Admin.HandleAsync());
        var handles = await HandlesAsync(people);
        await people[0].SignOutAsync();
        var notice = await NoticeAsync(
            "revoke-selected", ("ids", $"{id}:{handles[0]}"), ("ids", $"{id}:{handles[1]}"), ("ids", $"{admin}:{own}"),
            ("ids", "nobody:AAAAAAAAAAAA"), ("ids", ":"), ("ids", $"{id}:"), ("ids", "nonsense"));

        Assert.Contains("1 session revoked. 5 sessions had already ended. Your current session was kept.", notice, StringComparison.Ordinal);
        Assert.Null(await people[1].HandleAsync());
        Assert.Equal(own, await app.Admin.HandleAsync());
        Assert.Contains("No sessions were revoked. Select at least one session, then try again.", await NoticeAsync("revoke-selected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_applies_to_whatever_button_is_pressed()
    {
        var (id, people) = await SignInAsync("pressed", 2);
        var longest = new string('m', 300);
        await NoticeAsync($"revoke&account={id}", ("id", (await people[0].HandleAsync())!), ("message", "To the one."));
        await ToldAsync(people[0], "To the one.");
        await NoticeAsync($"revoke-account&account={id}", ("message", longest));
        await ToldAsync(people[1], longest);
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("revoke-selected")]
    [InlineData("revoke-account")]
    [InlineData("revoke-everyone")]
    public async Task Message_over_its_length_is_refused_at_its_field_and_nothing_ends(string handler)
    {
        var (id, people) = await SignInAsync($"toolong-{handler}", 1);
        var chosen = $"{id}:{await people[0].HandleAsync()}";
        var message = new string('m', 301);
        using var response = await app.Admin.SubmitManyAsync(
            $"{Page}?q=toolong", handler, ("account", id), ("id", chosen.Split(':')[1]), ("ids", chosen), ("sure", "true"), ("message", message));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("A message can have at most 300 characters, but this one has 301. No sessions were revoked.", html, StringComparison.Ordinal);
        // Neither what was typed nor what was chosen has to be done again.
        Assert.Equal(2, html.Split(message).Length);
        Assert.Contains($"""name="ids" value="{chosen}" checked="checked" """.TrimEnd(), html, StringComparison.Ordinal);
        Assert.NotNull(await people[0].HandleAsync());
        Assert.DoesNotContain(await app.AuditAsync($"toolong-{handler}"), entry => entry.Event.Contains("revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_are_filtered_and_sorted_by_what_is_known_of_them()
    {
        var id = await app.AddAccountAsync("filter.b", Password);
        await app.AddAccountAsync("filter.a", Password);
        using var desk = app.NewVisitor();
        using var phone = new Visitor(app.Url) { UserAgent = Phone };
        using var other = app.NewVisitor();
        await desk.TrySignInAsync("filter.b", Password);
        await phone.TrySignInAsync("filter.b", Password, rememberMe: true);
        await other.TrySignInAsync("filter.a", Password);
        var (onDesk, onPhone, ofOther) = ((await desk.HandleAsync())!, (await phone.HandleAsync())!, (await other.HandleAsync())!);

        Assert.Equal([onPhone], await FoundAsync("q=filter&device=iphone"));
        Assert.Equal([onPhone], await FoundAsync("device=SAFARI&persistent=yes"));
        Assert.Equal([ofOther, onDesk], await FoundAsync("q=filter&persistent=no&sort=signed-in"));
        Assert.Equal(ofOther, (await FoundAsync("q=filter&sort=name"))[0]);
        Assert.Equal(3, (await FoundAsync("q=FILTER.&ip=")).Count);
        Assert.Empty(await FoundAsync("q=filter&ip=203.0.113."));
        Assert.Equal(3, (await FoundAsync($"q=filter&ip={((await app.Database.QueryAsync("SELECT IpAddress FROM Sessions WHERE AccountId = $p0", id))[0][0] as string)![..2]}")).Count);
        Assert.Equal(3, (await FoundAsync("q=filter&persistent=perhaps&sort=colour&page=x")).Count);

        async Task<List<string>> FoundAsync(string query)
        {
            var html = await app.Admin.ReadAsync($"{Page}?{query}");
            return [.. html.Split("class=\"code\">").Skip(1).Select(part => part[..12])];
        }
    }

    [Fact]
    public async Task Action_leads_back_to_the_same_list()
    {
        var (id, people) = await SignInAsync("same.list", 1);
        using var response = await app.Admin.SubmitManyAsync(
            $"{Page}?q=same.list&sort=name&page=2", "revoke-selected", ("ids", $"{id}:{await people[0].HandleAsync()}"));
        Assert.Equal($"{Page}?q=same.list&sort=name&page=2", response.Headers.Location?.OriginalString);
    }

    private async Task<(string AccountId, Visitor[] People)> SignInAsync(string userName, int times)
    {
        var id = await app.AddAccountAsync(userName, Password);
        var people = Enumerable.Range(0, times).Select(_ => app.NewVisitor()).ToArray();
        foreach (var person in people)
            Assert.True(await person.TrySignInAsync(userName, Password));
        return (id, people);
    }

    private static async Task<List<string?>> HandlesAsync(Visitor[] people)
    {
        var handles = new List<string?>();
        foreach (var person in people)
            handles.Add(await person.HandleAsync());
        return handles;
    }

    private async Task<string> NoticeAsync(string handler, params IEnumerable<(string, string)> fields)
    {
        using (var response = await app.Admin.SubmitManyAsync(Page, handler, fields))
            Assert.Equal(Page, response.Headers.Location?.OriginalString);
        return await app.Admin.ReadAsync(Page);
    }

    private static async Task ToldAsync(Visitor person, string message)
    {
        using var response = await person.GetAsync("/account/sessions");
        Assert.Contains($"<blockquote dir=\"auto\">{message}</blockquote>", await person.ReadAsync(response.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }
}
