using SessionWeb.Sessions;

namespace SessionWeb.Checker.App;

/// <summary>A farm of real SessionWeb processes on one database and one Redis, each node behind a proxy.</summary>
internal sealed class AppScene : IDisposable
{
    // A sign-in that times out may have begun a session: an action must not reach the limit by that.
    public const int MaxSessions = 8;

    private const string AdminPassword = "correct horse battery admin";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-actions-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private int _names;

    private AppScene(TimeSpan lease)
    {
        Redis = new(_directory.CreateSubdirectory("redis").FullName);
        Data = _directory.CreateSubdirectory("data").FullName;
        Admin = new(_client);
        Settings =
        [
            "--environment=Development", $"--DataDirectory={Data}", "--Accounts:BcryptCost=10",
            $"--Sessions:Lease={lease}", $"--Sessions:MaxPerAccount={MaxSessions}",
            "--Logging:LogLevel:Default=Warning",
            // By default nothing of a session shows the address: ended, it shows.
            "--Sessions:Effects:EmailChanged=Revoke",
            .. DemoAdmin(0, "admin"), .. DemoAdmin(1, "admin2"),
        ];
    }

    public RedisProcess Redis { get; }

    /// <summary>The nodes' data directory.</summary>
    public string Data { get; }

    public IReadOnlyList<string> Settings { get; }

    public IReadOnlyList<AppNode> Nodes { get; private set; } = [];

    /// <summary>The node that performs actions, and is killed.</summary>
    public AppNode A => Nodes[0];

    public AppNode B => Nodes[1];

    public AccountsFile Accounts { get; private set; } = null!;

    /// <summary>The browser of an administrator.</summary>
    public Browser Admin { get; }

    /// <param name="leaseSeconds">The longer the leases, the longer shows a node what it should have forgotten.</param>
    public static async Task<AppScene> StartAsync(int leaseSeconds)
    {
        var scene = new AppScene(TimeSpan.FromSeconds(leaseSeconds));
        await scene.Redis.StartAsync();
        scene.Nodes = [scene.NewNode("a"), scene.NewNode("b")];
        foreach (var node in scene.Nodes)
            await Wait.ForAsync(node.IsReadyAsync, $"node {node.Name} is ready");
        scene.Accounts = new(scene.Data);
        return scene;
    }

    public Browser NewBrowser() => new(_client);

    /// <summary>The browser of one more administrator.</summary>
    public async Task<Browser> NewAdminAsync()
    {
        var browser = NewBrowser();
        await SignInAdminAsync(browser, B);
        return browser;
    }

    public static Task SignInAdminAsync(Browser browser, AppNode node) =>
        browser.SignInAsync(node, "admin2", AdminPassword);

    /// <summary>A new account with two sessions that every node has in its cache.</summary>
    public async Task<Subject> NewSubjectAsync()
    {
        var name = $"user-{Interlocked.Increment(ref _names)}";
        await Wait.ForAsync(async () =>
        {
            if ((await B.LookAsync(Admin.Session, asAdmin: true)).IsAdmin)
                return true;
            await Admin.SignInAsync(B, "admin", AdminPassword);
            return true;
        }, "the administrator signs in");
        await Admin.SubmitAsync(B, "/admin/accounts", "/admin/accounts?handler=add", new()
        {
            ["Input.UserName"] = name, ["Input.Password"] = Subject.FirstPassword,
        });
        var id = Accounts.IdOf(name);
        var subject = new Subject(name, id, AccountTag.For(id).Value, NewBrowser(), NewBrowser());
        await subject.Own.SignInAsync(B, name, subject.Password);
        await subject.Other.SignInAsync(B, name, subject.Password);
        subject.Sessions = [subject.Own.Session, subject.Other.Session];
        subject.OtherHandle = (await B.LookAsync(subject.OtherSession)).Handle;
        return subject;
    }

    /// <summary>Has the register of nodes forget those that were killed: they missed this revocation.</summary>
    public async Task ForgetKilledAsync()
    {
        var browser = await NewAdminAsync();
        await browser.SubmitAsync(B, "/account/sessions", "/account/logout", []);
    }

    /// <summary>Has every node answer for each of the sessions from its cache.</summary>
    public async Task KnowAsync(Subject subject)
    {
        foreach (var node in Nodes)
            foreach (var session in subject.Sessions)
                for (var i = 0; i < 2; i++)
                    await Wait.ForAsync(
                        async () => (await node.LookAsync(session)).Answer == Answer.Accepted,
                        $"node {node.Name} accepts {subject.Name}");
    }

    private AppNode NewNode(string name) => new(name, Redis.Port, Settings, _client);

    private static string[] DemoAdmin(int number, string name) =>
    [
        $"--Demo:Accounts:{number}:UserName={name}", $"--Demo:Accounts:{number}:Password={AdminPassword}",
        $"--Demo:Accounts:{number}:Roles:0=admin",
    ];

    public void Dispose()
    {
        foreach (var node in Nodes)
            node.Dispose();
        Redis.Dispose();
        Accounts?.Dispose();
        _client.Dispose();
        _directory.Delete(recursive: true);
    }
}
