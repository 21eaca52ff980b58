using Commands = SessionWeb.CommandLine.CommandRunner;

namespace SessionWeb.UnitTests.CommandLine;

public sealed class CommandLineArgumentsTests
{
    [Theory]
    [InlineData(true, "accounts", "list")]
    [InlineData(true, "--environment=Development", "accounts", "list")]
    [InlineData(true, "--environment=Development", "sessions", "revoke", "--all", "--DataDirectory=/tmp/x")]
    [InlineData(true, "acounts")]
    [InlineData(true, "--help")]
    [InlineData(false)]
    [InlineData(false, "--environment=Development")]
    [InlineData(false, "--environment=Development", "--Sessions:IdleTimeout=00:10:00")]
    [InlineData(false, "--urls", "http://localhost:1")]
    [InlineData(false, "Urls=http://localhost:1")]
    public void Commands_are_distinguished_from_settings(bool expected, params string[] args) =>
        Assert.Equal(expected, Commands.IsCommand(args));
}
