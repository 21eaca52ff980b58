namespace SessionWeb.IntegrationTests.CommandLine;

public sealed class ProcessTests
{
    [Fact]
    public async Task Processes_that_start_at_once_on_an_empty_directory_all_do_their_work()
    {
        using var directory = new TemporaryDirectory();
        var added = await Task.WhenAll(Enumerable.Range(1, 4).Select(n =>
            AppProcess.RunAsync(directory.FullPath, "correct horse battery\n", "accounts", "add", $"person{n}", "--Accounts:BcryptCost=10")));
        Assert.Equal(Enumerable.Range(1, 4).Select(n => (0, $"Added person{n}.\n", "")), added);

        var (code, list, error) = await AppProcess.RunAsync(directory.FullPath, "", "--environment=Development", "accounts", "list");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["NAME", "person1", "person2", "person3", "person4"], list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_line_on_standard_error_and_exit_code_1()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal((1, "", "There is no account named 'nobody'.\n"), await AppProcess.RunAsync(directory.FullPath, "", "accounts", "disable", "nobody"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullPath, "data", "notes.txt"), new string('x', 5000));
        var (code, output, error) = await AppProcess.RunAsync(
            directory.FullPath, "", "accounts", "list", $"--ConnectionStrings:Accounts=Data Source={directory.FullPath}/data/notes.txt");
        Assert.Equal((1, ""), (code, output));
        Assert.Matches(@"\AThe database .* \(ConnectionStrings:Accounts\) cannot be opened .*\n\z", error);
    }
}
