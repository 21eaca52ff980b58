using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SessionWeb.Sessions.Http;

namespace SessionWeb.UnitTests.Library;

/// <summary>The session's cookie is found among others without reading them all, and means what it means to the stock handler.</summary>
public sealed class SessionCookieTests
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
    public void Cookie_is_what_the_stock_manager_finds(params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = new StringValues(headers);
        var stock = new ChunkingCookieManager();

        Assert.Equal(stock.GetRequestCookie(context, "sid") ?? "", new HostPrefixedCookies(stock).GetRequestCookie(context, "sid") ?? "");
    }

    [Fact]
    public void Manager_of_the_apps_own_is_always_asked()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = "sid=value";

        Assert.Equal("own", new HostPrefixedCookies(new Own()).GetRequestCookie(context, "sid"));
    }

    private sealed class Own : ICookieManager
    {
        public string? GetRequestCookie(HttpContext context, string key) => "own";

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => throw new NotSupportedException();

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => throw new NotSupportedException();
    }
}
