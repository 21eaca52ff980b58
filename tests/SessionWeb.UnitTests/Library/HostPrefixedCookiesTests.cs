using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SessionWeb.Sessions.Http;

namespace SessionWeb.UnitTests.Library;

/// <summary>
/// The session cookie is found without parsing the other cookies. The result is the same as that of ASP.NET Core's
/// cookie manager.
/// </summary>
public sealed class HostPrefixedCookiesTests
{
    [Theory]
    [InlineData("sid=value")]
    [InlineData("sid=value; other=1")]
    [InlineData("other=1; sid=value")]
    [InlineData("other=1;sid=value;more=2")]
    [InlineData("other=1;   sid=value   ; more=2")]
    [InlineData("first=1", "sid=value; last=2")]
    [InlineData("sidecar=1; xsid=2; sid=value")]
    [InlineData("nothing=at-all")]
    [InlineData("sid")]
    [InlineData("sid=")]
    [InlineData("=value")]
    [InlineData("sid =value")]
    [InlineData("sid=first; sid=second")]
    [InlineData("sid=first", "sid=second")]
    [InlineData("sid=a=b==; other=1")]
    [InlineData("sid=a%20b")]
    [InlineData("sid=\"quoted\"")]
    [InlineData("other=\"a; sid=inside\"; sid=value")]
    [InlineData("other=1, sid=value")]
    [InlineData("sid=chunks-2; sidC1=one; sidC2=two")]
    [InlineData("sid=chunks-2; sidC1=one")]
    [InlineData("")]
    [InlineData]
    public void Cookie_matches_the_framework_manager(params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = new StringValues(headers);
        var framework = new ChunkingCookieManager();

        Assert.Equal(
            framework.GetRequestCookie(context, "sid") ?? "",
            new HostPrefixedCookies(framework).GetRequestCookie(context, "sid") ?? "");
    }

    [Fact]
    public void Custom_cookie_manager_is_always_used()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = "sid=value";

        Assert.Equal("custom", new HostPrefixedCookies(new CustomCookieManager()).GetRequestCookie(context, "sid"));
    }

    private sealed class CustomCookieManager : ICookieManager
    {
        public string? GetRequestCookie(HttpContext context, string key) => "custom";

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            throw new NotSupportedException();

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
            throw new NotSupportedException();
    }
}
