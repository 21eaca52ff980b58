using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.CommandLine;
using SessionWeb.Data;
using SessionWeb.EmbeddedStore;
using SessionWeb.Hosting;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Http;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>The app's accounts without its pages. It uses a temporary database unless a directory is given.</summary>
internal sealed class AccountsApp : IAsyncDisposable
{
    private readonly TemporaryDirectory? _temporary;

    private AccountsApp(WebApplication app, TemporaryDirectory? temporary) => (App, _temporary) = (app, temporary);

    public WebApplication App { get; }

    public static async Task<AccountsApp> StartAsync(
        string environment = "Production", string? directory = null, Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null)
    {
        var temporary = directory is null ? new TemporaryDirectory() : null;
        directory ??= temporary!.FullPath;
        var builder = WebApplication.CreateEmptyBuilder(
            new() { EnvironmentName = environment, ContentRootPath = directory, ApplicationName = "SessionWeb" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Accounts:BcryptCost"] = "10" });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.AddNode();
        builder.AddAccounts();
        builder.AddAudit();
        builder.AddRevocations();
        builder.AddAdministration();
        builder.AddSelfService();
        builder.Services.AddScoped<AccountCommands>().AddScoped<SessionCommands>();
        builder.Services.AddSingleton<ISessionStore, DatabaseSessionStore>();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        await app.PrepareAccountsAsync();
        await app.StartAsync();
        return new AccountsApp(app, temporary);
    }

    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> act) where TService : notnull
    {
        await using var scope = App.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task<SignInCheck> CheckAsync(string userName, string password) =>
        WithAsync((SignIn s) => s.CheckAsync(userName, password));

    public Task<IdentityResult> AddAsync(string userName, string password, params string[] roles) =>
        WithAsync((NewAccount a) => a.AddAsync(userName, password, roles));

    public Task<Account> AccountAsync(string userName) =>
        WithAsync((AppDbContext d) => d.Users.AsNoTracking().SingleAsync(a => a.UserName == userName));

    public Task ChangeAsync(string userName, Action<Account> change) => WithAsync(async (AppDbContext d) =>
    {
        change(await d.Users.SingleAsync(a => a.UserName == userName));
        return await d.SaveChangesAsync();
    });

    /// <summary>Creates a session as a sign-in would.</summary>
    public async Task<SessionKey> StartSessionAsync(string userName, string device = "Firefox on Linux")
    {
        var account = await AccountAsync(userName);
        var (outcome, key) = await TryStartSessionAsync(new SignInCheck { Account = account }, device);
        Assert.Equal(CreateOutcome.Created, outcome);
        return key;
    }

    public async Task<(CreateOutcome Outcome, SessionKey Key)> TryStartSessionAsync(
        SignInCheck check, string device = "Firefox on Linux")
    {
        var key = SessionToken.New(AccountTag.For(check.Account!.Id)).Key;
        return ((await WithAsync((ISessionStore sessions) => sessions.CreateAsync(
            new()
            {
                Key = key,
                AccountId = check.Account.Id,
                AccountName = check.Account.UserName!,
                Device = device,
                IpAddress = "192.0.2.7",
                Generation = check.Generation,
                IdleTimeout = TimeSpan.FromMinutes(30),
                Lifetime = TimeSpan.FromHours(12),
                Ticket = new byte[10],
            },
            default))).Outcome, key);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _temporary?.Dispose();
    }
}
