using System.Net;
using System.Net.Http.Headers;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A response with its body, for assertions.</summary>
internal sealed record Response(
    Uri Address, HttpStatusCode Status, HttpResponseHeaders Headers, string Type, string Body)
{
    public bool SetsCookies => Headers.Contains("Set-Cookie");

    public string HeaderText =>
        string.Join('\n', Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static async Task<Response> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                response.RequestMessage!.RequestUri!, response.StatusCode, response.Headers,
                response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync());
        }
    }
}
