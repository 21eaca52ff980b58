using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using SessionWeb.Tests.Servers;

namespace SessionWeb.Tests.Pages;

/// <summary>A node as a process of its own, with sessions in a real Redis. Tests kill it and start it again on the same accounts database.</summary>
public sealed class RedisApp : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private Process? _process;

    public RedisServer Redis { get; } = new();

    public Uri Url { get; } = new($"http://localhost:{RedisServer.FreePort()}");

    /// <summary>Signed in as <c>admin</c>.</summary>
    public Person Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Redis.StartAsync();
        await StartAsync();
        Admin = NewPerson();
        Assert.True(await Admin.SignInAsync("admin", RunningApp.AdminPassword));
    }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll"), "--environment=Development", $"--DataDirectory={_data.FullPath}",
            "--Accounts:BcryptCost=10", "--Sessions:Lease=00:00:03", $"--ConnectionStrings:Redis={Redis.Configuration}",
            $"--urls={Url.GetLeftPart(UriPartial.Authority)}"])
        {
            WorkingDirectory = PackageTests.RepositoryRoot(),
        })!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            Assert.False(_process.HasExited);
            try
            {
                return (await client.GetAsync(new Uri(Url, "/health/ready"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the node is ready");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public Person NewPerson() => new(Url);

    public async Task<(string Id, Person[] People)> SignInAsync(string userName, string password, int times)
    {
        var fields = new Dictionary<string, string> { ["Input.UserName"] = userName, ["Input.Password"] = password };
        (await Admin.SubmitAsync("/admin/accounts", "add", fields)).Dispose();
        var people = Enumerable.Range(0, times).Select(_ => NewPerson()).ToArray();
        foreach (var person in people)
            Assert.True(await person.SignInAsync(userName, password));
        return ((string)(await QueryAsync("SELECT Id FROM Accounts WHERE UserName = $p0", userName)).Single()[0]!, people);
    }

    /// <summary>Posts a form while Redis does not answer.</summary>
    /// <param name="post">Posts the form; its token was fetched before.</param>
    public async Task<HttpResponseMessage> WhileFrozenAsync(Func<Task<HttpResponseMessage>> post)
    {
        Redis.Freeze();
        try
        {
            return await post();
        }
        finally
        {
            Redis.Thaw();
        }
    }

    /// <summary>Waits until the session is refused, not only unavailable.</summary>
    public static Task EndedAsync(Person person) => Eventually.TrueAsync(async () =>
    {
        using var answer = await person.GetAsync("/api/me");
        return answer.StatusCode == HttpStatusCode.Unauthorized;
    }, "the session is refused");

    /// <summary>Waits until every revocation in the journal is acknowledged.</summary>
    public Task AcknowledgedAsync() => Eventually.TrueAsync(
        async () => (await QueryAsync("SELECT Id FROM RevocationIntents WHERE AcknowledgedAt IS NULL")).Count == 0, "all revocations are acknowledged");

    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection($"Data Source={_data.FullPath}/sessionweb.db;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (i, parameter) in parameters.Index())
            command.Parameters.AddWithValue($"$p{i}", parameter);
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
            await KillAsync();
        await Redis.DisposeAsync();
        _data.Dispose();
    }
}
