using System.Collections.Concurrent;

namespace SessionWeb.EndToEndTests.Browsing;

/// <summary>One user's browser: a page, its cookies, and every console error.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _problems = [];

    private Visit(IBrowserContext context)
    {
        Context = context;
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
                _problems.Enqueue($"{message.Location}: {message.Text}");
        };
        context.WebError += (_, error) => _problems.Enqueue(error.Error);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; private set; } = null!;

    /// <summary>Script errors, policy violations and failed loads, including a page with an error status.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    internal static async Task<Visit> StartAsync(IBrowserContext context)
    {
        var visit = new Visit(context);
        visit.Page = await context.NewPageAsync();
        return visit;
    }

    /// <summary>Returns the problems so far and clears them.</summary>
    public IReadOnlyCollection<string> TakeProblems()
    {
        var taken = _problems.ToArray();
        _problems.Clear();
        return taken;
    }

    public void AssertNoProblems() => Assert.Empty(_problems);

    /// <summary>A second tab of the same browser.</summary>
    public Task<IPage> OpenTabAsync() => Context.NewPageAsync();

    /// <summary>The session cookie, or null when signed out.</summary>
    public async Task<BrowserContextCookiesResult?> SessionCookieAsync() =>
        (await Context.CookiesAsync()).SingleOrDefault(cookie => cookie.Name is "sid" or "__Host-sid");

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
