using System.Net;
using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks;

/// <summary>Signs in through the app's form again and again. It keeps no session, because a sign-in over one would end it.</summary>
internal sealed class SignInForm : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _token;

    private SignInForm(HttpClient client, string token) => (_client, _token) = (client, token);

    /// <param name="url">The node.</param>
    /// <param name="isProxied">Whether to ask as a proxy that speaks https does.</param>
    public static async Task<SignInForm> OpenAsync(Uri url, bool isProxied = false)
    {
        var client = isProxied ? Peer.Client(url)
            : new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = url };
        using var form = await client.GetAsync("/account/login");
        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", form.Headers.GetValues("Set-Cookie").Select(Value)));
        return new(client, await AppNode.TokenAsync(client, "/account/login"));
    }

    /// <returns>The session's cookie, as a browser sends it.</returns>
    /// <exception cref="InvalidOperationException">The sign-in was refused.</exception>
    public async Task<string> SignInAsync(string userName, string password)
    {
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Input.UserName"] = userName,
            ["Input.Password"] = password,
            ["__RequestVerificationToken"] = _token,
        });
        using var answer = await _client.PostAsync("/account/login", fields);
        if (answer.StatusCode != HttpStatusCode.Found)
            throw new InvalidOperationException($"A sign-in was answered with {answer.StatusCode}.");
        return answer.Headers.GetValues("Set-Cookie").Select(Value).Single(cookie => cookie.StartsWith("sid=") || cookie.StartsWith("__Host-sid="));
    }

    public void Dispose() => _client.Dispose();

    private static string Value(string cookie) => cookie.Split(';')[0];
}
