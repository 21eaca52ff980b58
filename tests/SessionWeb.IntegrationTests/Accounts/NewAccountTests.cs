using System.Text;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.IntegrationTests.Accounts;

public sealed class NewAccountTests
{
    [Fact]
    public async Task R09_Length_is_the_only_password_rule()
    {
        await using var app = await AccountsApp.StartAsync();
        string[] accepted =
        [
            new('a', 15), new('a', 64), new('a', 200), new('a', 1024), new(' ', 15), new('1', 15), Repeat("🐎", 15),
            "spaces in between words",
        ];
        string[] refused = ["", new('a', 14), Repeat("🐎", 14), new('a', 1025)];
        var n = 0;
        foreach (var password in accepted)
        {
            Assert.True((await app.AddAsync($"account{++n}", password)).Succeeded, password);
            Assert.True((await app.CheckAsync($"account{n}", password)).Succeeded, password);
        }
        foreach (var password in refused)
            Assert.False((await app.AddAsync($"account{++n}", password)).Succeeded, password);

        static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Jo-Ann.o_Neil@example+2", true)]
    [InlineData("", false)]
    [InlineData("with space", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("<script>", false)]
    public async Task User_name_accepts_letters_digits_and_some_punctuation(string userName, bool accepted)
    {
        await using var app = await AccountsApp.StartAsync();
        Assert.Equal(accepted, (await app.AddAsync(userName, Password)).Succeeded);
    }

    [Fact]
    public async Task User_name_has_at_most_64_characters()
    {
        await using var app = await AccountsApp.StartAsync();
        Assert.True((await app.AddAsync(new string('a', 64), Password)).Succeeded);
        Assert.False((await app.AddAsync(new string('a', 65), Password)).Succeeded);
    }

    [Fact]
    public async Task Name_added_concurrently_is_added_once()
    {
        await using var app = await AccountsApp.StartAsync();
        string[] spellings = ["alice", "Alice", "ALICE", "aLice", "alIce", "aliCe"];
        var results = await Task.WhenAll(
            spellings.Select(name => Task.Run(() => app.AddAsync(name, Password, Roles.Admin))));
        Assert.Single(results, r => r.Succeeded);
        Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal("DuplicateUserName", r.Errors.Single().Code));
    }

    [Fact]
    public async Task Account_with_an_unknown_role_is_not_added()
    {
        await using var app = await AccountsApp.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => app.AddAsync("alice", Password, "emperor"));
        Assert.Equal(SignInRefusal.UnknownName, (await app.CheckAsync("alice", Password)).Refusal);
    }
}
