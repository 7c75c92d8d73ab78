using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tokamak.App.Members;
using Tokamak.App.Members.Line;
using Tokamak.App.Members.Verification;
using Tokamak.App.Web.Outgoing;
using Tokamak.Core.Members;

namespace Tokamak.App.Serving;

/// <summary>What <c>serve</c> is told about messages and LINE (docs/messages.md). Secrets come by variable or file: a command line can be read by everybody on the machine.</summary>
internal sealed class VerificationOptions
{
    public const string MessagesVariable = "TOKAMAK_MESSAGES_SECRET", LineVariable = "TOKAMAK_LINE_SECRET";

    /// <summary>LINE's secrets have 32 letters; with a shorter one tokens would be easy to forge.</summary>
    private const int FewestLettersOfLineSecret = 32;

    private readonly Option<Uri?> _sms = Address("--sms-url", "Where text messages are handed over by a signed POST, such as https://sms.example.com/send.");
    private readonly Option<Uri?> _email = Address("--email-url", "Where e-mails are handed over by a signed POST.");
    private readonly Option<FileInfo?> _secret = new("--messages-secret-file") { Description = $"File with the secret (whsec_...) that messages are signed with; without, what {MessagesVariable} says." };
    private readonly Option<string[]> _countries = new("--code-countries")
    {
        Description = "Countries besides the brand's own whose numbers get codes, divided by ','.", DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            string[] named = [.. result.Tokens.SelectMany(token => token.Value.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            if (named.Length == 0 || named.Any(country => !NumberingFile.Plans.Knows(country))) result.AddError("--code-countries takes countries such as TW,JP.");
            return named;
        },
    };
    private readonly Option<int> _mostADay = new("--codes-a-day") { Description = "Codes that one brand sends a day at most.", DefaultValueFactory = _ => VerificationRules.MostOfBrandADay };
    private readonly Option<string?> _channel = new("--line-channel") { Description = "Id of the LINE Login channel; without, nobody signs in with LINE." };
    private readonly Option<FileInfo?> _lineSecret = new("--line-secret-file") { Description = $"File with the channel's secret; without, what {LineVariable} says." };
    private readonly Option<bool> _lineEmail = new("--line-email") { Description = "Asks people for their e-mail address; the channel needs LINE's permission." };
    private readonly Option<Uri?> _provider = Address("--line-provider", "Another provider in place of LINE; for development only.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_sms, _email, _secret, _countries, _mostADay, _channel, _lineSecret, _lineEmail, _provider]) command.Add(option);
        command.Validators.Add(result =>
        {
            try
            {
                if (FaultOf(result) is { } fault) result.AddError(fault);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                result.AddError(e.Message);
            }
            catch (InvalidOperationException)
            {
                // One of the values is none, and its option says so.
            }
        });
    }

    public VerificationSettings Read(ParseResult parsed)
    {
        var line = parsed.GetValue(_channel) is { Length: > 0 } channel ? new LineSettings(channel, Secret(parsed.GetValue(_lineSecret), LineVariable)!, parsed.GetValue(_lineEmail)) : null;
        return new VerificationSettings(
            new VerificationTerms(parsed.GetValue(_countries)!.ToHashSet(), parsed.GetValue(_mostADay)), parsed.GetValue(_sms), parsed.GetValue(_email),
            Secret(parsed.GetValue(_secret), MessagesVariable), parsed.GetValue(_provider) is { } provider ? line?.At(provider) : line);
    }

    private string? FaultOf(CommandResult result)
    {
        if (result.GetValue(_mostADay) < 0) return "--codes-a-day is a whole number.";
        var sends = result.GetValue(_sms) is not null || result.GetValue(_email) is not null;
        if (sends && !SigningSecret.Holds(Secret(result.GetValue(_secret), MessagesVariable)))
            return string.Create(CultureInfo.InvariantCulture, $"Messages are signed: put a secret (whsec_ and {SigningSecret.Bytes} random bytes in base64) into {MessagesVariable}, or name its file with --messages-secret-file.");
        return result.GetValue(_channel) is { Length: > 0 } && Secret(result.GetValue(_lineSecret), LineVariable) is not { Length: >= FewestLettersOfLineSecret }
            ? $"The LINE channel's secret is missing: put it into {LineVariable}, or name its file with --line-secret-file."
            : null;
    }

    private static string? Secret(FileInfo? file, string variable) => (file is null ? Environment.GetEnvironmentVariable(variable) : File.ReadAllText(file.FullName))?.Trim();

    /// <summary>https, or a program on this very machine.</summary>
    private static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (result.Tokens.Count == 1 && Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var at) && (at.Scheme == Uri.UriSchemeHttps || (at.Scheme == Uri.UriSchemeHttp && at.IsLoopback))) return at;
            result.AddError($"{name} is an https address.");
            return null;
        },
    };
}
