using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SessionWeb.Tests.Servers;

namespace SessionWeb.Tests.Pages;

/// <summary>The app as a process of its own with the demo accounts, sessions and all in one SQLite file that tests can look into.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    public const string AdminPassword = "correct horse battery admin";

    private readonly TemporaryDirectory _data = new();
    private Process? _process;

    public Uri Url { get; } = new($"http://localhost:{RedisServer.FreePort()}");

    /// <summary>Signed in as <c>admin</c>.</summary>
    public Person Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll"), "--environment=Development", $"--DataDirectory={_data.FullPath}",
            "--Accounts:BcryptCost=10", "--Node:Name=node-1", $"--urls={Url.GetLeftPart(UriPartial.Authority)}"])
        {
            WorkingDirectory = PackageTests.RepositoryRoot(),
        })!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            Assert.False(_process.HasExited);
            try
            {
                return (await client.GetAsync(new Uri(Url, "/health/live"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the app answers");
        Admin = NewPerson();
        await Admin.SignInAsync("admin", AdminPassword);
    }

    public Person NewPerson() => new(Url);

    /// <summary>Adds an account as the administrator does.</summary>
    public async Task<string> AddAccountAsync(string userName, string password)
    {
        using (await Admin.SubmitAsync("/admin/accounts", "add", new() { ["Input.UserName"] = userName, ["Input.Password"] = password }))
            return (string)(await QueryAsync("SELECT Id FROM Accounts WHERE UserName = $p0", userName)).Single()[0]!;
    }

    /// <summary>The audit log's entries of one account, oldest first.</summary>
    public async Task<IReadOnlyList<(string Event, string? By, string? Reason, long? Count)>> AuditAsync(string accountName) =>
        [.. (await QueryAsync("SELECT Event, \"By\", Reason, Count FROM AuditEntries WHERE AccountName = $p0 ORDER BY Id", accountName))
            .Select(row => ((string)row[0]!, (string?)row[1], (string?)row[2], (long?)row[3]))];

    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection($"Data Source={_data.FullPath}/sessionweb.db;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"$p{i}"), parameters[i]);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _data.Dispose();
    }
}
