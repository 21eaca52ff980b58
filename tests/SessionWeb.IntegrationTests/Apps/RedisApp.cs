using System.Net;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>
/// A node process with its sessions in Redis. Tests kill and restart it on the same accounts database.
/// </summary>
public sealed class RedisApp : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly AppProcess _process;

    public RedisApp()
    {
        _process = new(
            _data.FullPath, "Development",
            ["--Sessions:Lease=00:00:03", $"--ConnectionStrings:Redis={Redis.Configuration}"]);
        Database = new(_data.FullPath);
    }

    public RedisServer Redis { get; } = new();

    public Uri Url => _process.Url;

    public AccountsDatabase Database { get; }

    /// <summary>Signed in as <c>admin</c>.</summary>
    public Visitor Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Redis.StartAsync();
        await StartAsync();
        Admin = NewVisitor();
        await Admin.SignInAsync(TestUsers.Admin);
    }

    public Task StartAsync() => _process.StartAsync("/health/ready");

    /// <summary>Sends SIGKILL and waits for the exit.</summary>
    public void Kill() => _process.Kill();

    public Visitor NewVisitor() => new(Url);

    /// <summary>Adds an account and signs it in from several visitors.</summary>
    public async Task<(string Id, Visitor[] Visitors)> SignInAsync(string userName, string password, int times)
    {
        await Admin.AddAccountAsync(userName, password);
        var visitors = Enumerable.Range(0, times).Select(_ => NewVisitor()).ToArray();
        foreach (var visitor in visitors)
            await visitor.SignInAsync(new(userName, password));
        return (await Database.AccountIdAsync(userName), visitors);
    }

    /// <summary>Posts a form while Redis does not respond.</summary>
    /// <param name="post">Posts a form whose antiforgery token was read before.</param>
    public async Task<HttpResponseMessage> WhileFrozenAsync(Func<Task<HttpResponseMessage>> post)
    {
        Redis.Suspend();
        try
        {
            return await post();
        }
        finally
        {
            Redis.Resume();
        }
    }

    /// <summary>Waits until the session is refused. An unavailable store does not count.</summary>
    public static Task WaitUntilRefusedAsync(Visitor visitor) => Wait.UntilAsync(async () =>
    {
        using var answer = await visitor.GetAsync("/api/me");
        return answer.StatusCode == HttpStatusCode.Unauthorized;
    }, "the session is refused");

    /// <summary>Waits until every revocation in the journal is acknowledged.</summary>
    public Task WaitUntilAcknowledgedAsync() => Wait.UntilAsync(
        async () =>
            (await Database.QueryAsync("SELECT Id FROM RevocationIntents WHERE AcknowledgedAt IS NULL")).Count == 0,
        "all revocations are acknowledged");

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        await _process.DisposeAsync();
        await Redis.DisposeAsync();
        _data.Dispose();
    }
}
