using SessionWeb.Administration;
using SessionWeb.CommandLine;
using SessionWeb.Sessions;
using Commands = SessionWeb.CommandLine.CommandRunner;

namespace SessionWeb.IntegrationTests.Accounts;

public sealed class AccountNamesTests
{
    [Theory]
    [InlineData("--all")]
    [InlineData("--admin")]
    [InlineData("-x")]
    [InlineData("_x")]
    [InlineData(".x")]
    [InlineData("@x")]
    [InlineData("+x")]
    public async Task B11_Name_must_begin_with_a_letter_or_digit(string name)
    {
        await using var app = await AccountsApp.StartAsync();
        var added = await app.AddAsync(name, Password);
        Assert.Contains(
            "must begin with a letter or a digit", Assert.Single(added.Errors).Description, StringComparison.Ordinal);
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        Assert.False((await app.WithAsync((ProfileActions p) => p.RenameAsync(id, name, "root"))).Result.Succeeded);
        Assert.True(
            (await app.WithAsync((ProfileActions p) => p.RenameAsync(id, $"0{name}", "root"))).Result.Succeeded);
    }

    [Fact]
    public async Task B11_Name_after_a_double_dash_is_not_an_option()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await app.AddAsync("legacy", Password);
        await app.ChangeAsync("legacy", a => (a.UserName, a.NormalizedUserName) = ("--all", "--ALL"));
        var (alice, legacy) = (await app.StartSessionAsync("alice"), await app.StartSessionAsync("--all"));

        Assert.Equal(0, (await RunAsync(app, "sessions", "revoke", "--", "--all")).Code);
        Assert.Null((await ReadAsync(app, legacy)).Session);
        Assert.NotNull((await ReadAsync(app, alice)).Session);
        Assert.Contains(
            "Everyone", (await RunAsync(app, "sessions", "revoke", "--all")).Output, StringComparison.Ordinal);
        Assert.Null((await ReadAsync(app, alice)).Session);
    }

    [Theory]
    [InlineData("accounts", "add", "--admn")]
    [InlineData("accounts", "add", "--", "--admin")]
    [InlineData("sessions", "revoke", "--al")]
    [InlineData("accounts", "disable", "--all")]
    public async Task B11_Unknown_option_is_not_an_account_name(params string[] args)
    {
        await using var app = await AccountsApp.StartAsync();
        var (code, output) = await RunAsync(app, args);
        Assert.Equal(1, code);
        Assert.Equal(output.Length - 1, output.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task B11_Argument_with_an_at_sign_is_not_a_response_file()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var session = await app.StartSessionAsync("alice");
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.FullPath, "words");
        await File.WriteAllTextAsync(file, "--all");
        Assert.Equal(1, (await RunAsync(app, "sessions", "revoke", $"@{file}")).Code);
        Assert.NotNull((await ReadAsync(app, session)).Session);
    }

    [Theory]
    [InlineData("a\u0007b@example.com")]
    [InlineData("a\u0000@example.com")]
    [InlineData("a\u001b[2J@example.com")]
    [InlineData("a\u009bx@example.com")]
    [InlineData("a\u202eb@example.com")]
    [InlineData("a\u200bb@example.com")]
    [InlineData("a\u2028b@example.com")]
    [InlineData("a\ud800b@example.com")]
    [InlineData("not an address")]
    public async Task B15_Email_with_control_characters_is_refused(string email)
    {
        await using var app = await AccountsApp.StartAsync();
        var added = await app.WithAsync((SessionWeb.Accounts.NewAccount a) => a.AddAsync("alice", Password, [], email));
        Assert.Equal("InvalidEmail", Assert.Single(added.Errors).Code);
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        Assert.False((await app.WithAsync((ProfileActions p) => p.SetEmailAsync(id, email, "root"))).Result.Succeeded);
        Assert.True((await app.WithAsync(
            (ProfileActions p) => p.SetEmailAsync(id, "alice@example.com", "root"))).Result.Succeeded);
    }

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) =>
        app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    private static async Task<(int Code, string Output)> RunAsync(AccountsApp app, params string[] args)
    {
        using var output = new StringWriter();
        var code = await Commands.RunAsync(
            args, app.App.Services, new Terminal(new StringReader(Password), output, output, false));
        return (code, output.ToString());
    }
}
