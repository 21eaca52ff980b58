using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// Signs accounts in while an administrator disables them, at random moments. No session must remain in either order.
/// </summary>
internal static class DisableRace
{
    private const int Accounts = 4;
    private const string Password = "correct horse battery race";

    public static async Task<bool> RunAsync(int rounds)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var here = await LibraryNode.StartAsync(redis.Configuration);
        // A long store timeout, because password hashes delay Redis responses on a small machine.
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__StoreTimeout", "00:00:30"),
            ("Accounts__BcryptCost", "10"), ("Accounts__Registration", "true"));
        using var admin = await node.SignInAsync("admin");
        var store = here.Store;

        var began = Stopwatch.GetTimestamp();
        var remaining = rounds;
        var results = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i =>
            RunAsync(node, admin, store, i, () => Interlocked.Decrement(ref remaining) >= 0)));
        var signedIn = results.Sum(result => result.SignedIn);
        var (accepted, live) = (results.Sum(result => result.Accepted), results.Sum(result => result.Live));
        Console.WriteLine($"rounds       {rounds} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        Console.WriteLine($"sign-ins     {signedIn} succeeded, {rounds - signedIn} were refused");
        Console.WriteLine($"afterwards   {accepted} cookies accepted, {live} live sessions left");
        var passed = accepted + live == 0;
        Console.WriteLine(passed ? "race: ok" : "race: FAILED");
        return passed;
    }

    private static async Task<(int SignedIn, int Accepted, int Live)> RunAsync(
        AppNode node, HttpClient admin, ISessionStore store, int number, Func<bool> next)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = node.Url };
        var (name, random) = ($"race-{number}", new Random(number));
        var id = await RegisterAsync(node, name);
        var page = $"/admin/accounts/{id}";
        var signIn = new Dictionary<string, string>
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = Password,
            ["__RequestVerificationToken"] = await AppNode.TokenAsync(browser, "/account/login"),
        };
        var adminForm = new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = await AppNode.TokenAsync(admin, page),
        };

        var (signedIn, accepted, live) = (0, 0, 0);
        int? length = null;
        while (next())
        {
            var signingIn = browser.PostAsync("/account/login", new FormUrlEncodedContent(signIn));
            // Any moment of a sign-in, up to slightly after its end. Its length is the number of other requests that
            // fit into the first one.
            var (moment, sent) = (random.Next((length ?? 0) * 6 / 5 + 1), 0);
            for (; length is null ? !signingIn.IsCompleted : sent < moment; sent++)
                (await admin.GetAsync("/health/live")).Dispose();
            length ??= sent;
            var disabling = admin.PostAsync($"{page}?handler=disable", new FormUrlEncodedContent(adminForm));
            using var response = await signingIn;
            (await disabling).EnsureSuccessStatusCode();

            if (response.StatusCode == HttpStatusCode.Found && SetsSessionCookie(response))
                signedIn++;
            else if (response.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException($"The response to a sign-in was {response.StatusCode}.");
            using var me = await browser.GetAsync("/api/me");
            accepted += me.StatusCode == HttpStatusCode.Unauthorized ? 0 : 1;
            live += (await store.ListAsync([AccountTag.For(id)], default)).Count;
            var enabled = await admin.PostAsync($"{page}?handler=enable", new FormUrlEncodedContent(adminForm));
            enabled.EnsureSuccessStatusCode();
        }
        return (signedIn, accepted, live);
    }

    private static bool SetsSessionCookie(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith("sid=", StringComparison.Ordinal));

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
        await AppNode.PostAsync(browser, "/account/login", new()
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = Password,
        });
        var me = await browser.GetFromJsonAsync<Me>("/api/me");
        await AppNode.SignOutAsync(browser);
        return me!.AccountId;
    }

    private sealed record Me(string AccountId);
}
