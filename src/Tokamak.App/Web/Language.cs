namespace Tokamak.App.Web;

/// <summary>A language the pages are written in. A person chooses; Chinese as written in Taiwan unless they do.</summary>
public sealed class Language
{
    public static readonly Language Chinese = new("zh-TW", "中文");
    public static readonly Language English = new("en", "English");
    public static readonly IReadOnlyList<Language> All = [Chinese, English];

    private const string Cookie = "language";

    private Language(string code, string ownName) => (Code, OwnName) = (code, ownName);

    /// <summary>As in the <c>lang</c> attribute.</summary>
    public string Code { get; }

    /// <summary>What its readers call it.</summary>
    public string OwnName { get; }

    public Language Other => this == Chinese ? English : Chinese;

    public static Language? Find(string? code) => All.FirstOrDefault(language => language.Code == code);

    /// <summary>What a program asks for by <c>Accept-Language</c>: the first language we have, by their weights; else Chinese.</summary>
    public static Language Asked(HttpContext request) =>
        request.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(asked => asked.Quality ?? 1)
            .Where(asked => asked.Quality != 0)
            .Select(asked => All.FirstOrDefault(language => Primary(asked.Value.ToString()) == Primary(language.Code))).FirstOrDefault(language => language is not null) ?? Chinese;

    private static string Primary(string code) => code.Split('-')[0].ToLowerInvariant();

    public static Language Of(HttpContext? request) => Find(request?.Request.Cookies[Cookie]) ?? Chinese;

    /// <summary>Remembers the choice and goes back to the page the person was on: <c>/language?to=en&amp;return=/path</c>.</summary>
    public static IResult Choose(HttpContext request, string? to, string? @return)
    {
        if (Find(to) is not { } chosen) return Results.NotFound();
        request.Response.Cookies.Append(Cookie, chosen.Code, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = request.Request.IsHttps, IsEssential = true,
        });
        return Results.LocalRedirect(OwnPath.Or(@return, "/"));
    }
}
