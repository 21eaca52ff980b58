namespace SessionWeb.Tests.Security;

/// <summary>The app in Development on its defaults, shared by the tests of a class.</summary>
public sealed class DevelopmentServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();

    internal AppServer App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await AppServer.StartAsync(_data.FullPath, "Development", "--Accounts:Registration=true");

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _data.Dispose();
    }
}
