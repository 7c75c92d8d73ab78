using Microsoft.Extensions.DependencyInjection.Extensions;
using Tokamak.App.Access.Keys;
using Tokamak.App.Members.Line;
using Tokamak.App.Web.Outgoing;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <summary>Where codes go, and how many. What nobody can be made to send abroad, nobody earns by.</summary>
/// <param name="MoreCountries">Whose numbers get messages besides those of the brand's own country, such as <c>JP</c>.</param>
/// <param name="MostADay">Messages of one brand a day.</param>
public sealed record VerificationTerms(IReadOnlySet<string> MoreCountries, int MostADay = VerificationRules.MostOfBrandADay)
{
    public static readonly VerificationTerms Default = new(new HashSet<string>());

    /// <summary>Whether messages may go to a key.</summary>
    /// <param name="home">The brand's own country.</param>
    public bool MayReach(MemberKey key, string home) => key.Kind switch
    {
        KeyKind.Phone => Phone.TryRead(key.Value, NumberingFile.Plans, home, out var phone) && phone.TakesMessages && (phone.Region == home || MoreCountries.Contains(phone.Region)),
        KeyKind.Email => true,
        _ => false,
    };
}

/// <summary>How keys are proved here.</summary>
/// <param name="Terms">Where codes go.</param>
/// <param name="Sms">Who takes text messages; null: none are sent.</param>
/// <param name="Email">Who takes e-mails; null: none are sent.</param>
/// <param name="Secret">What both are signed with.</param>
/// <param name="Line">How people sign in with LINE; null: they do not.</param>
/// <param name="IsDemo">Messages are printed in place of being sent.</param>
public sealed record VerificationSettings(VerificationTerms Terms, Uri? Sms = null, Uri? Email = null, string? Secret = null, LineSettings? Line = null, bool IsDemo = false)
{
    public static readonly VerificationSettings None = new(VerificationTerms.Default);

    public static readonly VerificationSettings Demo = None with { IsDemo = true };

    // A record shows all it has: secrets belong into no log.
    public override string ToString() => nameof(VerificationSettings);
}

/// <summary>How a host gets the proving of keys.</summary>
public static class VerificationHost
{
    /// <remarks>After <c>AddAccess</c>, which brings the catalogue and the key ring.</remarks>
    public static IServiceCollection AddVerification(this IServiceCollection services, VerificationSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HashSecret>();
        services.AddSingleton(settings.Terms).AddSingleton<NextCode>(SendCode.RandomCode).AddSingleton<ChallengeTokens>().AddSingleton<SendCode>().AddSingleton<CheckCode>();
        // Whoever runs this says where to: it may well be a program of the same network.
        services.AddSingleton(provider => new SignedPost(PostedMessages.Patience, allowsPrivate: true, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MessageSenders(SenderTo(provider, settings, settings.Sms), SenderTo(provider, settings, settings.Email)));
        if (settings.Line is { } line) services.AddSingleton(line).AddSingleton<LineLogin>();
        return services;
    }

    private static IMessageSender? SenderTo(IServiceProvider provider, VerificationSettings settings, Uri? address) =>
        settings.IsDemo ? new ConsoleMessages(Console.Out)
        : address is null ? null
        : new PostedMessages(address, settings.Secret!, provider.GetRequiredService<SignedPost>(), provider.GetRequiredService<ILogger<PostedMessages>>());
}
