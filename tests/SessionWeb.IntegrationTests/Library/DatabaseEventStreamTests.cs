using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Data;
using SessionWeb.EmbeddedStore;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Caching;

namespace SessionWeb.IntegrationTests.Library;

public sealed class DatabaseEventStreamTests(RedisServer keys)
    : EventStreamContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    private AccountsApp _accounts = null!;

    public async ValueTask InitializeAsync() => _accounts = await AccountsApp.StartAsync();

    public async ValueTask DisposeAsync() => await _accounts.DisposeAsync();

    private protected override Task<PlainApp> NodeAsync(
        Action<SessionsOptions>? sessions = null, Action<CookieAuthenticationOptions>? cookies = null) =>
        PlainApp.StartAsync(
            keys.Configuration, sessions,
            services => services
                .AddSingleton<ISessionStore>(_ => new DatabaseSessionStore(
                    _accounts.App.Services.GetRequiredService<IDbContextFactory<AppDbContext>>(), TimeProvider.System))
                .AddSingleton<ISessionReader, UncachedSessionReader>(),
            cookies);
}
