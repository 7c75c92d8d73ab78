using System.Text;
using System.Text.RegularExpressions;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>Facts and policies written short: names and words without quotes, <c>@</c> for a time, <c>@5</c> for the 5th, <c>L</c> for a line of a sale.</summary>
internal static partial class Given
{
    private const string Line = "{line:1,category:c,quantity:1,net:100,fulfil:ship}";

    /// <summary>The shorthand as JSON.</summary>
    public static string Json(string shorthand)
    {
        var text = Lines().Replace(shorthand, Line);
        text = At().Replace(text, at => $"at:2026-01-{(at.Groups["day"].Length > 0 ? int.Parse(at.Groups["day"].Value, System.Globalization.CultureInfo.InvariantCulture) : 1):00}T12-00-00Z");
        return Words().Replace(text, word => word.Value.All(char.IsDigit) || word.Value is "null" or "true" or "false" ? word.Value : $"\"{word.Value}\"")
            .Replace("T12-00-00Z", "T12:00:00Z", StringComparison.Ordinal);
    }

    /// <summary>Facts, one a line, numbered from 1.</summary>
    public static List<Fact> Facts(params IEnumerable<string> shorthand)
    {
        var reader = new FactReader();
        List<Fact> facts = [];
        foreach (var line in shorthand)
            facts.Add(reader.TryRead(Encoding.UTF8.GetBytes(Json(line)), facts.Count + 1, out var fact, out var fault) ? fact : throw new ArgumentException(fault.ToString()));
        return facts;
    }

    /// <summary>A policy that credits little and refuses nothing.</summary>
    public static Policy Policy { get; } = RandomPolicy.Of(new Random(1), new DateOnly(2026, 1, 1));

    /// <summary>Everything R1 refuses about these facts, in the order of their lines.</summary>
    public static List<Fault> FaultsOf(params string[] shorthand)
    {
        List<Fault> faults = [];
        var replay = new Replay(FactLog.Build(Facts(shorthand), Zone.Utc, null, faults), Policy);
        foreach (var _ in replay.Days()) { }
        return [.. faults.Concat(replay.Faults).OrderBy(f => f.Line)];
    }

    [GeneratedRegex(@"\bL\b", RegexOptions.None, 1000)]
    private static partial Regex Lines();

    [GeneratedRegex(@"@(?<day>\d*)", RegexOptions.None, 1000)]
    private static partial Regex At();

    [GeneratedRegex(@"[^\s{}\[\],:]+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
