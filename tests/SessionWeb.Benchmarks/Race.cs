using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Signs accounts in while an administrator disables them, at any moment of the sign-in: whoever came first, nobody is signed in afterwards.
/// </summary>
internal static class Race
{
    private const int Lanes = 4;
    private const string Password = "correct horse battery race";

    public static async Task<bool> RunAsync(int rounds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await LibraryNode.StartAsync(redis.Configuration);
        // Patient with the store: hashes keep a small machine so busy that answers of Redis wait for their turn.
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__StoreTimeout", "00:00:30"),
            ("Accounts__BcryptCost", "10"), ("Accounts__Registration", "true"));
        using var admin = await node.SignInAsync("admin");
        var store = here.Store;

        var began = Stopwatch.GetTimestamp();
        var left = rounds;
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(i => RunAsync(node, admin, store, i, () => Interlocked.Decrement(ref left) >= 0)));
        var (won, served, live) = (lanes.Sum(lane => lane.Won), lanes.Sum(lane => lane.Served), lanes.Sum(lane => lane.Live));
        Console.WriteLine($"rounds       {rounds} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        Console.WriteLine($"sign-ins     {won} won a cookie, {rounds - won} were refused");
        Console.WriteLine($"afterwards   {served} cookies served, {live} live sessions left");
        var holds = served + live == 0;
        Console.WriteLine(holds ? "race: ok" : "race: LOST");
        return holds;
    }

    private static async Task<(int Won, int Served, int Live)> RunAsync(AppNode node, HttpClient admin, ISessionStore store, int lane, Func<bool> next)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Url };
        var (name, random) = ($"race-{lane}", new Random(lane));
        var id = await RegisterAsync(node, name);
        var page = $"/admin/accounts/{id}";
        var signIn = new Dictionary<string, string>
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = Password,
            ["__RequestVerificationToken"] = await AppNode.TokenAsync(browser, "/account/login"),
        };
        var act = new Dictionary<string, string> { ["__RequestVerificationToken"] = await AppNode.TokenAsync(admin, page) };

        var (won, served, live, usual) = (0, 0, 0, 100.0);
        while (next())
        {
            var began = Stopwatch.GetTimestamp();
            var signingIn = browser.PostAsync("/account/login", new FormUrlEncodedContent(signIn));
            // At any moment of a sign-in, whose end counts the most.
            await Task.Delay((int)(random.NextDouble() * usual * 1.2));
            var disabling = admin.PostAsync($"{page}?handler=disable", new FormUrlEncodedContent(act));
            using var answer = await signingIn;
            usual = 0.8 * usual + 0.2 * Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            (await disabling).EnsureSuccessStatusCode();

            if (answer.StatusCode == HttpStatusCode.Found && answer.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith("sid=", StringComparison.Ordinal)))
                won++;
            else if (answer.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException($"A sign-in was answered with {answer.StatusCode}.");
            using var me = await browser.GetAsync("/api/me");
            served += me.StatusCode == HttpStatusCode.Unauthorized ? 0 : 1;
            live += (await store.ListAsync([AccountTag.For(id)], default)).Count;
            (await admin.PostAsync($"{page}?handler=enable", new FormUrlEncodedContent(act))).EnsureSuccessStatusCode();
        }
        return (won, served, live);
    }

    private static async Task<string> RegisterAsync(AppNode node, string name)
    {
        using var browser = new HttpClient { BaseAddress = node.Url };
        await AppNode.PostAsync(browser, "/account/register", new()
        {
            ["Input.UserName"] = name,
            ["Input.Email"] = $"{name}@example.com",
            ["Input.Password"] = Password,
            ["Input.ConfirmPassword"] = Password,
        });
        await AppNode.PostAsync(browser, "/account/login", new() { ["Input.UserName"] = name, ["Input.Password"] = Password });
        var me = await browser.GetFromJsonAsync<Me>("/api/me");
        await AppNode.SignOutAsync(browser);
        return me!.AccountId;
    }

    private sealed record Me(string AccountId);
}
