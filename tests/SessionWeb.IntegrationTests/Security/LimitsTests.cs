using System.Net;

namespace SessionWeb.IntegrationTests.Security;

/// <summary>The requests that one user may cause the app to record.</summary>
public sealed class LimitsTests : IDisposable
{
    private const int Limit = 60;

    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task B14_Denied_requests_are_counted_and_throttled()
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development");
        using var alice = app.NewVisitor();
        await alice.SignInAsync(TestUsers.Alice);
        for (var number = 1; number <= Limit + 10; number++)
        {
            using var response = await alice.GetAsync("/admin/audit");
            Assert.Equal(
                number <= Limit ? HttpStatusCode.Forbidden : HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Contains("<h1>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            if (number > Limit)
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }
        var otherSession = new Dictionary<string, string> { ["id"] = "AAAAAAAAAAAA" };
        using (var response = await alice.SubmitAsync("/account/sessions", "revoke", otherSession))
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(
            [
                ("GET /admin/audit", null, null),
                ("POST /account/sessions, session AAAAAAAAAAAA", "not-own-session", null),
            ],
            await DeniedAsync());
        Assert.Single(app.Log, line => line.Contains("alice was denied GET", StringComparison.Ordinal));
        using (var ok = await alice.GetAsync("/account/sessions"))
            Assert.Equal(HttpStatusCode.OK, ok.StatusCode);

        await app.StopAsync();
        Assert.Equal(("GET /admin/audit", null, Limit + 9), (await DeniedAsync())[^1]);
        Assert.Equal(3, (await DeniedAsync()).Count);
    }

    [Fact]
    public async Task B14_Session_forms_are_throttled_per_user()
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development");
        using var alice = app.NewVisitor();
        await alice.SignInAsync(TestUsers.Alice);
        var form = await alice.FormAsync("/account/sessions", []);
        for (var number = 1; number <= Limit; number++)
        {
            using (var response = await alice.PostAsync("/account/sessions?handler=revoke-others", form))
                Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        }

        using (var response = await alice.PostAsync("/account/sessions?handler=revoke-others", form))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Contains("Too many requests", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Contains("Devices", await alice.ReadAsync("/account/sessions"), StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private async Task<List<(string? Details, string? Reason, long? Count)>> DeniedAsync() =>
        [.. (await new AccountsDatabase(_data.FullPath).QueryAsync(
                "SELECT Details, Reason, Count FROM AuditEntries WHERE Event = 'access-denied' ORDER BY Id"))
            .Select(row => ((string?)row[0], (string?)row[1], (long?)row[2]))];
}
