using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Web;

/// <summary>The session cookies of a test host's demo people, fetched once a host by the one click of its sign-in page.</summary>
internal static partial class SignedIn
{
    private static readonly ConcurrentDictionary<(Uri Host, string Person), Lazy<Task<string>>> Known = new();

    /// <summary>The value of the cookie <c>tokamak</c>.</summary>
    public static Task<string> CookieAsync(Uri host, string person) => Known.GetOrAdd((host, person), key => new(() => SignInAsync(key.Host, key.Person))).Value;

    /// <summary>A host that ends: its port may be another's next.</summary>
    public static void Forget(Uri host)
    {
        foreach (var key in Known.Keys.Where(key => key.Host == host)) Known.TryRemove(key, out _);
    }

    /// <summary>The token that a form of this page carries.</summary>
    public static string FormToken(string page) => FormTokenField().Match(page).Groups["token"].Value is { Length: > 0 } token ? token : throw new InvalidOperationException("The page has no form.");

    private static async Task<string> SignInAsync(Uri host, string person)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = host };
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", FormToken(await client.GetStringAsync("/sign-in"))), new("as", person)]);
        using var answer = await client.PostAsync("/demo/sign-in", form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return handler.CookieContainer.GetCookies(host)["tokamak"]!.Value;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormTokenField();
}
