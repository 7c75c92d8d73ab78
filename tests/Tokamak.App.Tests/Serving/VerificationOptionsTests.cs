using System.CommandLine;
using Tokamak.App.Members.Verification;
using Tokamak.App.Serving;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Tests.Serving;

public sealed class VerificationOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokamak-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_options_nothing_is_sent_and_nobody_comes_by_LINE()
    {
        var (faults, settings) = Read();
        Assert.Empty(faults);
        Assert.Equal((null, null, null, false), (settings!.Sms, settings.Email, settings.Line, settings.IsDemo));
        Assert.Empty(settings.Terms.MoreCountries);
    }

    [Fact]
    public void Secrets_come_from_files()
    {
        var secret = SigningSecret.Make();
        var (faults, settings) = Read(
            "--sms-url", "https://sms.example.com/send", "--email-url", "http://localhost:9000/", "--messages-secret-file", Written(secret + "\n"), "--code-countries", "hk,JP", "--codes-a-day", "50",
            "--line-channel", "1650000001", "--line-secret-file", Written("0123456789abcdef0123456789abcdef\n"), "--line-email", "--line-provider", "http://localhost:9001");
        Assert.Empty(faults);
        Assert.Equal(("https://sms.example.com/send", "http://localhost:9000/", secret), (settings!.Sms!.AbsoluteUri, settings.Email!.AbsoluteUri, settings.Secret));
        Assert.Equal(["HK", "JP"], settings.Terms.MoreCountries.Order());
        Assert.Equal(50, settings.Terms.MostADay);
        Assert.Equal(("1650000001", "0123456789abcdef0123456789abcdef", true, "http://localhost:9001"), (settings.Line!.Channel, settings.Line.Secret, settings.Line.AsksEmail, settings.Line.Issuer));
        Assert.DoesNotContain(secret, settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sms-url", "https://sms.example.com/send")]
    [InlineData("--sms-url", "http://sms.example.com/send")]
    [InlineData("--email-url", "mail.example.com")]
    [InlineData("--line-channel", "1650000001")]
    [InlineData("--code-countries", "XX")]
    [InlineData("--codes-a-day", "-1")]
    public void What_cannot_be_is_said_before_anything_starts(string option, string value) => Assert.NotEmpty(Read(option, value).Faults);

    [Theory]
    [InlineData("secret")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("")]
    public void A_secret_that_is_none_is_refused(string secret) => Assert.NotEmpty(Read("--sms-url", "https://sms.example.com/send", "--messages-secret-file", Written(secret)).Faults);

    [Fact]
    public void A_file_that_is_not_there_is_a_sentence() =>
        Assert.NotEmpty(Read("--sms-url", "https://sms.example.com/send", "--messages-secret-file", Path.Combine(_folder, "none")).Faults);

    private string Written(string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, text);
        return path;
    }

    private static (IReadOnlyList<string> Faults, VerificationSettings? Settings) Read(params string[] arguments)
    {
        var (command, options) = (new RootCommand(), new VerificationOptions());
        options.AddTo(command);
        var parsed = command.Parse(arguments);
        string[] faults = [.. parsed.Errors.Select(error => error.Message)];
        return (faults, faults.Length == 0 ? options.Read(parsed) : null);
    }
}
