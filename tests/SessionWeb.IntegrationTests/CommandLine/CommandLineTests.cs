using SessionWeb.CommandLine;
using SessionWeb.Sessions;
using Commands = SessionWeb.CommandLine.CommandRunner;

namespace SessionWeb.IntegrationTests.CommandLine;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Accounts_are_added_listed_disabled_and_enabled()
    {
        await using var app = await AccountsApp.StartAsync();
        Assert.Equal(
            (0, "Added alice.\n", ""),
            await RunAsync(app, $"{Password}\n", "--environment=Development", "accounts", "add", "alice"));
        Assert.Equal(
            (0, "Added root as an administrator.\n", ""),
            await RunAsync(app, $"{Password}\n", "accounts", "add", "root", "--admin"));
        Assert.True((await app.CheckAsync("root", Password)).Principal!.IsInRole("admin"));
        Assert.Empty((await app.CheckAsync("alice", Password)).Principal!.FindAll("role"));

        Assert.Equal(
            (0, "Disabled alice; 0 sessions ended.\n", ""), await RunAsync(app, "", "accounts", "disable", "ALICE"));
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        var (code, list, _) = await RunAsync(app, "", "accounts", "list");
        Assert.Equal(0, code);
        Assert.Matches(@"\ANAME .*\nalice +- +disabled +\d{4}-.*Z\nroot +admin +enabled +\d{4}-.*Z\n\z", list);

        Assert.Equal((0, "Enabled alice.\n", ""), await RunAsync(app, "", "accounts", "enable", "alice"));
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task Password_reset_replaces_the_old_password()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        Assert.Equal(
            (0, "alice has a new password; 0 sessions ended.\n", ""),
            await RunAsync(app, "another horse battery \r\nand more\n", "accounts", "reset-password", "alice"));
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        Assert.True((await app.CheckAsync("alice", "another horse battery ")).Succeeded);
    }

    [Fact]
    public async Task Disabling_two_factor_ends_the_sessions()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await app.EnableTwoFactorAsync("alice", Password);
        await app.StartSessionAsync("alice");
        Assert.Equal(
            (0, "alice now signs in without a code; 1 session ended.\n", ""),
            await RunAsync(app, "", "accounts", "disable-two-factor", "alice"));
        Assert.Equal(
            (0, "Two-factor sign-in of alice was already disabled.\n", ""),
            await RunAsync(app, "", "accounts", "disable-two-factor", "alice"));
    }

    [Theory]
    [InlineData("", "There is no account named 'unknown'.", "accounts", "disable", "unknown")]
    [InlineData("", "There is no account named 'unknown'.", "sessions", "list", "unknown")]
    [InlineData("", "There is no account named 'unknown'.", "sessions", "revoke", "unknown")]
    [InlineData("", "There is no password on standard input.", "accounts", "add", "bob")]
    [InlineData("short\n", "A password needs at least 15 characters", "accounts", "add", "bob")]
    [InlineData(Password, "Username 'alice' is already taken.", "accounts", "add", "Alice")]
    [InlineData("", "Give either a NAME or --all. See --help.", "sessions", "revoke")]
    [InlineData("", "Give either a NAME or --all. See --help.", "sessions", "revoke", "alice", "--all")]
    [InlineData("", "Required argument", "accounts", "add")]
    [InlineData("", "Unknown argument 'acounts'", "acounts", "list")]
    [InlineData("", "command", "accounts")]
    public async Task Failed_command_prints_one_error_line_and_exits_with_1(
        string input, string expected, params string[] args)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var (code, output, error) = await RunAsync(app, input, args);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_are_listed_and_revoked()
    {
        await using var app = await AccountsApp.StartAsync();
        var alice = await SignInAsync(app, "alice", "Firefox on \u001b[31mLinux");
        var bob = await SignInAsync(app, "bob", "Edge on Windows");

        var (_, all, _) = await RunAsync(app, "", "sessions", "list");
        Assert.Matches($@"\n{alice.Handle} +alice +Firefox on \?\[31mLinux +192\.0\.2\.7 ", all);
        Assert.Matches($@"\n{bob.Handle} +bob ", all);
        var (_, one, _) = await RunAsync(app, "", "sessions", "list", "bob");
        Assert.DoesNotContain("alice", one, StringComparison.Ordinal);

        Assert.Equal(
            (0, "alice is signed out everywhere; 1 session ended.\n", ""),
            await RunAsync(app, "", "sessions", "revoke", "alice"));
        Assert.Equal(SessionEndReasons.RevokedByAdmin, (await ReadAsync(app, alice)).End?.Reason);
        Assert.NotNull((await ReadAsync(app, bob)).Session);
        Assert.Equal(
            (0, "Everyone is signed out; 1 session ended.\n", ""),
            await RunAsync(app, "", "sessions", "revoke", "--all"));
        Assert.Null((await ReadAsync(app, bob)).Session);
    }

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) =>
        app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    private static async Task<SessionKey> SignInAsync(AccountsApp app, string userName, string device)
    {
        await app.AddAsync(userName, Password);
        return await app.StartSessionAsync(userName, device: device);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        AccountsApp app, string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(
            args, app.App.Services, new Terminal(new StringReader(input), output, error, IsInteractive: false));
        return (code, output.ToString(), error.ToString());
    }
}
