namespace SessionWeb.Benchmarks;

internal static class ApiMeRequest
{
    /// <summary>Sends a request to <c>/api/me</c> with a cookie, or without one if it is empty.</summary>
    public static async Task<HttpResponseMessage> GetMeAsync(this HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        if (cookie.Length > 0)
            request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request);
    }
}
