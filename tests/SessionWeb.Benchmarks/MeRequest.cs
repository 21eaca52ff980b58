namespace SessionWeb.Benchmarks;

internal static class MeRequest
{
    /// <summary>Asks <c>/api/me</c> with a cookie; with none if that is empty.</summary>
    public static async Task<HttpResponseMessage> GetMeAsync(this HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        if (cookie.Length > 0)
            request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request);
    }
}
