using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>What a draft comes to: the version that it would be, or what keeps it from that.</summary>
/// <param name="Version">Null while anything is wrong that <see cref="PolicyReader"/> names.</param>
/// <param name="Body">As <see cref="PolicyWriter"/> writes it; while something is wrong, as it was typed.</param>
/// <param name="Faults">All of them, the date's included.</param>
public sealed partial record DraftCheck(PolicyVersion? Version, string Body, IReadOnlyList<Fault> Faults)
{
    public bool IsReady => Version is not null && Faults.Count == 0;

    public static DraftCheck Of(DraftForm form, DraftFrame frame) => Of(Encoding.UTF8.GetString(DraftText.Write(form, frame)), frame);

    /// <summary>The body's own number of the version may be an older one: it is to be the next.</summary>
    public static DraftCheck Of(string body, DraftFrame frame)
    {
        var faults = new List<Fault>();
        var version = PolicyReader.Read(Encoding.UTF8.GetBytes(body), Zones.Find, faults)?.Versions[0];
        if (version is null) return new DraftCheck(null, body, faults);
        version = version with { Version = frame.Next, Timezone = frame.Last?.Timezone ?? version.Timezone, Currency = frame.Last?.Currency ?? version.Currency };
        if (version.EffectiveFrom < frame.Earliest) faults.Add(new Fault($"must be {frame.Earliest:yyyy-MM-dd} or later", Path: "$.effectiveFrom") { Kind = FaultKind.TooEarly });
        if (version.EffectiveFrom > frame.Latest) faults.Add(new Fault($"must be {frame.Latest:yyyy-MM-dd} or earlier", Path: "$.effectiveFrom") { Kind = FaultKind.TooLate });
        return new DraftCheck(version, Encoding.UTF8.GetString(PolicyWriter.Write(version)), faults);
    }

    /// <summary>What two people agree on: the version and its announcement, in hexadecimal; null while it is not ready.</summary>
    public string? Sha256(string chinese, string english) =>
        IsReady ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Body}\0{chinese}\0{english}"))) : null;

    /// <summary>Faults by the field of the form that each is about.</summary>
    public ILookup<string, Fault> ByField(DraftForm form)
    {
        var channels = DraftText.Splits(form).Select(split => split.Channel).ToList();
        return Faults.ToLookup(fault => FieldOf(fault.Path!, channels));
    }

    private static string FieldOf(string path, List<string> channels)
    {
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        field = SplitPlace().Replace(field, place => "split." + channels[int.Parse(place.Groups["at"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)]);
        return Categories().Replace(field, "${all}");
    }

    [GeneratedRegex(@"^split\[(?<at>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SplitPlace();

    // Whatever is wrong with one category stands at the field of all.
    [GeneratedRegex(@"^(?<all>rates\[\d+\]\.categories).*$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Categories();
}
