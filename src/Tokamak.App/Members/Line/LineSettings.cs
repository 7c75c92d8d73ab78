namespace Tokamak.App.Members.Line;

/// <summary>The brand's channel at LINE, and where LINE is.</summary>
/// <param name="Channel">The channel's id: who tokens must be for.</param>
/// <param name="Secret">The channel's secret, which LINE signs tokens of web sign-ins with.</param>
/// <param name="AsksEmail">Whether people are asked for their e-mail address; the channel needs LINE's permission.</param>
public sealed record LineSettings(string Channel, string Secret, bool AsksEmail = false)
{
    public string Issuer { get; init; } = "https://access.line.me";
    public Uri Authorize { get; init; } = new("https://access.line.me/oauth2/v2.1/authorize");
    public Uri Token { get; init; } = new("https://api.line.me/oauth2/v2.1/token");
    public Uri Keys { get; init; } = new("https://api.line.me/oauth2/v2.1/certs");

    /// <summary>Another provider at the same paths stands in for LINE.</summary>
    public LineSettings At(Uri provider) => this with
    {
        Issuer = provider.GetLeftPart(UriPartial.Authority), Authorize = new Uri(provider, "/oauth2/v2.1/authorize"),
        Token = new Uri(provider, "/oauth2/v2.1/token"), Keys = new Uri(provider, "/oauth2/v2.1/certs"),
    };

    // A record shows all it has: the secret belongs into no log.
    public override string ToString() => $"LINE channel {Channel}";
}
