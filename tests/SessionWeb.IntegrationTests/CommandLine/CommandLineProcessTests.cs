namespace SessionWeb.IntegrationTests.CommandLine;

public sealed class CommandLineProcessTests
{
    [Fact]
    public async Task Concurrent_commands_on_an_empty_directory_all_succeed()
    {
        using var directory = new TemporaryDirectory();
        var added = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => AppProcess.RunAsync(
            directory.FullPath, "correct horse battery\n", "accounts", "add", $"user{n}", "--Accounts:BcryptCost=10")));
        Assert.Equal(Enumerable.Range(1, 4).Select(n => (0, $"Added user{n}.\n", "")), added);

        var (code, list, error) = await AppProcess.RunAsync(
            directory.FullPath, "", "--environment=Development", "accounts", "list");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            ["NAME", "user1", "user2", "user3", "user4"],
            list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task Failed_command_prints_one_error_line_and_exits_with_1()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(
            (1, "", "There is no account named 'unknown'.\n"),
            await AppProcess.RunAsync(directory.FullPath, "", "accounts", "disable", "unknown"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullPath, "data", "notes.txt"), new string('x', 5000));
        var (code, output, error) = await AppProcess.RunAsync(
            directory.FullPath, "", "accounts", "list",
            $"--ConnectionStrings:Accounts=Data Source={directory.FullPath}/data/notes.txt");
        Assert.Equal((1, ""), (code, output));
        Assert.Matches(@"\AThe database .* \(ConnectionStrings:Accounts\) cannot be opened .*\n\z", error);
    }
}
