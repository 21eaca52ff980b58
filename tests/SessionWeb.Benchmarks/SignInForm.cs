using System.Net;
using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Signs in through the app's form repeatedly. It keeps no session, because a new sign-in would end it.
/// </summary>
internal sealed class SignInForm : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _token;

    private SignInForm(HttpClient client, string token) => (_client, _token) = (client, token);

    /// <param name="url">The URL of the node.</param>
    /// <param name="isProxied">Whether to send the headers of an https proxy.</param>
    public static async Task<SignInForm> OpenAsync(Uri url, bool isProxied = false)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        var client = isProxied ? Peer.Client(url) : new HttpClient(handler) { BaseAddress = url };
        using var form = await client.GetAsync("/account/login");
        var cookies = form.Headers.GetValues("Set-Cookie").Select(Value);
        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies));
        return new(client, await AppNode.TokenAsync(client, "/account/login"));
    }

    /// <returns>The session cookie as a browser sends it.</returns>
    /// <exception cref="InvalidOperationException">The sign-in was refused.</exception>
    public async Task<string> SignInAsync(string userName, string password)
    {
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Input.UserName"] = userName,
            ["Input.Password"] = password,
            ["__RequestVerificationToken"] = _token,
        });
        using var response = await _client.PostAsync("/account/login", fields);
        if (response.StatusCode != HttpStatusCode.Found)
            throw new InvalidOperationException($"The response to a sign-in was {response.StatusCode}.");
        return response.Headers.GetValues("Set-Cookie").Select(Value)
            .Single(cookie => cookie.StartsWith("sid=") || cookie.StartsWith("__Host-sid="));
    }

    public void Dispose() => _client.Dispose();

    private static string Value(string cookie) => cookie.Split(';')[0];
}
