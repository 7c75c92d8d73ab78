using Microsoft.AspNetCore.Http;
using Tokamak.App.Access;

namespace Tokamak.App.Tests.Access;

public sealed class SessionCookiesTests
{
    [Theory]
    [InlineData("https", "__Host-tokamak=")]
    [InlineData("http", "tokamak=")]
    public void Over_https_the_cookie_belongs_to_this_very_host(string scheme, string begins)
    {
        var request = new DefaultHttpContext { Request = { Scheme = scheme } };
        var cookies = new SessionCookies();
        cookies.AppendResponseCookie(request, "tokamak", "value", new CookieOptions { Path = "/", Secure = request.Request.IsHttps });
        var set = request.Response.Headers.SetCookie.ToString();
        Assert.StartsWith(begins, set, StringComparison.Ordinal);
        Assert.Equal(scheme == "https", set.Contains("secure", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", set, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Over_https_a_cookie_without_the_prefix_is_nobodys()
    {
        var request = new DefaultHttpContext { Request = { Scheme = "https", Headers = { Cookie = "tokamak=planted" } } };
        Assert.Null(new SessionCookies().GetRequestCookie(request, "tokamak"));
    }
}
