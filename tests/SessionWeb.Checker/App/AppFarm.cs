using SessionWeb.Sessions;

namespace SessionWeb.Checker.App;

/// <summary>SessionWeb processes on one database and one Redis, each behind a proxy.</summary>
internal sealed class AppFarm : IDisposable
{
    // A sign-in that times out may have created a session. With this limit, an action does not reach it by accident.
    public const int MaxSessionsPerAccount = 8;

    private const string AdminPassword = "correct horse battery admin";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-actions-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private readonly string _data;
    private string _cached = "";
    private int _accounts;

    private AppFarm(TimeSpan lease)
    {
        Redis = new();
        _data = _directory.CreateSubdirectory("data").FullName;
        Admin = new(_client);
        Settings =
        [
            "--environment=Development", $"--DataDirectory={_data}", "--Accounts:BcryptCost=10",
            $"--Sessions:Lease={lease}", $"--Sessions:MaxPerAccount={MaxSessionsPerAccount}",
            "--Logging:LogLevel:Default=Warning",
            // No response shows the session's email address, so the checker needs an effect that it can observe.
            "--Sessions:Effects:EmailChanged=Revoke",
            .. DemoAdmin(0, "admin"), .. DemoAdmin(1, "admin2"),
        ];
    }

    public RedisProcess Redis { get; }

    public IReadOnlyList<string> Settings { get; }

    public IReadOnlyList<AppNode> Nodes { get; private set; } = [];

    /// <summary>The node that performs actions and is killed.</summary>
    public AppNode A => Nodes[0];

    public AppNode B => Nodes[1];

    public NodeDatabase Database { get; private set; } = null!;

    /// <summary>The browser of an administrator.</summary>
    public Browser Admin { get; }

    /// <param name="leaseSeconds">The longer the lease, the longer a faulty node accepts a revoked session.</param>
    public static async Task<AppFarm> StartAsync(int leaseSeconds)
    {
        var farm = new AppFarm(TimeSpan.FromSeconds(leaseSeconds));
        await farm.Redis.StartAsync();
        farm.Nodes = [farm.NewNode("a"), farm.NewNode("b")];
        foreach (var node in farm.Nodes)
            await Wait.UntilAsync(node.IsReadyAsync, $"node {node.Name} is ready");
        farm.Database = new(farm._data);
        return farm;
    }

    public Browser NewBrowser() => new(_client);

    /// <summary>The browser of a second administrator.</summary>
    public async Task<Browser> NewAdminAsync()
    {
        var browser = NewBrowser();
        await SignInAdminAsync(browser, B);
        return browser;
    }

    public static Task SignInAdminAsync(Browser browser, AppNode node) =>
        browser.SignInAsync(node, "admin2", AdminPassword);

    /// <summary>Adds an account and signs it in twice.</summary>
    public async Task<TestAccount> NewAccountAsync()
    {
        var name = $"user-{Interlocked.Increment(ref _accounts)}";
        await Wait.UntilAsync(async () =>
        {
            if (!(await B.CheckSessionAsync(Admin.Session, asAdmin: true)).IsAdmin)
                await Admin.SignInAsync(B, "admin", AdminPassword);
            return true;
        }, "the administrator signs in");
        await Admin.SubmitAsync(B, "/admin/accounts", "/admin/accounts?handler=add", new()
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = TestAccount.InitialPassword,
        });
        var id = Database.IdOf(name);
        var account = new TestAccount(name, id, AccountTag.For(id).Value, NewBrowser(), NewBrowser());
        await account.Browser.SignInAsync(B, name, account.Password);
        await account.OtherBrowser.SignInAsync(B, name, account.Password);
        account.Sessions = [account.Browser.Session, account.OtherBrowser.Session];
        account.OtherHandle = (await B.CheckSessionAsync(account.OtherSession)).Handle;
        return account;
    }

    /// <summary>Revokes an unrelated session, so that killed nodes miss it and are removed from the register.</summary>
    public async Task RemoveKilledNodesAsync()
    {
        var browser = await NewAdminAsync();
        await browser.SubmitAsync(B, "/account/sessions", "/account/logout", []);
    }

    /// <summary>Waits until every node has each of the account's sessions in its cache.</summary>
    public async Task CacheSessionsAsync(TestAccount account)
    {
        foreach (var session in account.Sessions)
            await CacheSessionAsync(session);
    }

    /// <summary>Waits until every node has the session in its cache.</summary>
    public async Task CacheSessionAsync(string session)
    {
        foreach (var node in Nodes)
        {
            // The first request fills the cache, the second is answered from it.
            for (var i = 0; i < 2; i++)
            {
                await Wait.UntilAsync(
                    async () => (await node.CheckSessionAsync(session)).Outcome == RequestOutcome.Accepted,
                    $"node {node.Name} accepts the session");
            }
        }
    }

    /// <summary>Gives each node a session for <see cref="WaitForEndOfLeasesAsync"/>.</summary>
    public async Task PrepareEndOfLeasesAsync() => await CacheSessionAsync(_cached = (await NewAdminAsync()).Session);

    /// <summary>Waits, while Redis is unavailable, until no node answers from its cache.</summary>
    public Task WaitForEndOfLeasesAsync() => Wait.UntilAsync(
        async () => (await Task.WhenAll(Nodes.Select(node => node.CheckSessionAsync(_cached))))
            .All(check => check.Outcome == RequestOutcome.Unavailable),
        "no node holds a lease");

    public void Dispose()
    {
        foreach (var node in Nodes)
            node.Dispose();
        Redis.Dispose();
        Database?.Dispose();
        _client.Dispose();
        _directory.Delete(recursive: true);
    }

    private AppNode NewNode(string name) => new(name, Redis.Port, Settings, _client);

    private static string[] DemoAdmin(int number, string name) =>
    [
        $"--Demo:Accounts:{number}:UserName={name}", $"--Demo:Accounts:{number}:Password={AdminPassword}",
        $"--Demo:Accounts:{number}:Roles:0=admin",
    ];
}
