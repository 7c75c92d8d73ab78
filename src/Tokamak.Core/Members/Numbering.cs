using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokamak.Core.Members;

/// <summary>What a phone number is for, as its numbering plan says.</summary>
public enum PhoneType
{
    FixedLine, Mobile, TollFree, PremiumRate, PersonalNumber, Voicemail, Uan, Pager, Voip, SharedCost,

    /// <summary>The plan does not tell the two apart (North America).</summary>
    FixedLineOrMobile,
}

/// <summary>
/// The numbering plans of the world, read from the metadata of libphonenumber as the npm package libphonenumber-js packs it
/// (<c>metadata.max.json</c>, version 4: each plan is a list whose places have meanings).
/// </summary>
public sealed class Numbering
{
    private const int Version = 4, DigitsOfLongestCallingCode = 3;

    private readonly FrozenDictionary<string, NumberingPlan> _regions;
    private readonly FrozenDictionary<string, NumberingPlan[]> _callingCodes;

    private Numbering(Dictionary<string, NumberingPlan> regions, Dictionary<string, NumberingPlan[]> callingCodes) =>
        (_regions, _callingCodes) = (regions.ToFrozenDictionary(StringComparer.Ordinal), callingCodes.ToFrozenDictionary(StringComparer.Ordinal));

    /// <exception cref="FormatException">It is another format.</exception>
    public static Numbering Read(ReadOnlyMemory<byte> json)
    {
        using var read = JsonDocument.Parse(json);
        var root = read.RootElement;
        if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number != Version)
            throw new FormatException($"The numbering plans are not of version {Version} of their format.");
        var regions = root.GetProperty("countries").EnumerateObject().ToDictionary(plan => plan.Name, plan => new NumberingPlan(plan.Name, plan.Value), StringComparer.Ordinal);
        var codes = root.GetProperty("country_calling_codes").EnumerateObject()
            .ToDictionary(code => code.Name, code => code.Value.EnumerateArray().Select(region => regions[region.GetString()!]).ToArray(), StringComparer.Ordinal);
        // Plans of no country, such as +800.
        foreach (var plan in root.GetProperty("nonGeographic").EnumerateObject()) codes[plan.Name] = [new NumberingPlan("001", plan.Value)];
        return new Numbering(regions, codes);
    }

    /// <summary>Whether there is a plan for a country, such as <c>TW</c>.</summary>
    public bool Knows(string region) => _regions.ContainsKey(region);

    internal NumberingPlan PlanOf(string region) => _regions[region];

    /// <summary>The plans of the calling code that an international number begins with, and the rest of it; null if no code is like that.</summary>
    internal (NumberingPlan[] Plans, string National)? Split(string digits)
    {
        for (var length = 1; length <= DigitsOfLongestCallingCode && length < digits.Length; length++)
            if (_callingCodes.TryGetValue(digits[..length], out var plans)) return (plans, digits[length..]);
        return null;
    }

    internal NumberingPlan[] PlansOf(string callingCode) => _callingCodes[callingCode];
}

/// <summary>The plan of one country: how its numbers are dialled and which there are.</summary>
internal sealed class NumberingPlan
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<Regex> _general;
    private readonly Lazy<Regex>? _leading;
    private readonly Lazy<Regex> _abroad;
    private readonly Lazy<Regex>? _prefix;
    private readonly string? _transform;
    private readonly (PhoneType Type, Lazy<Regex> Pattern)[] _types;

    public NumberingPlan(string region, JsonElement plan)
    {
        (Region, CallingCode) = (region, plan[0].GetString()!);
        _abroad = Pattern($"^(?:{TextAt(plan, 1) ?? "(?!)"})");
        _general = Whole(TextAt(plan, 2)!);
        if ((TextAt(plan, 7) ?? (TextAt(plan, 5) is { } national ? Regex.Escape(national) : null)) is { } prefix) _prefix = Pattern($"^(?:{prefix})");
        _transform = TextAt(plan, 8)?.Replace("$1", "${1}", StringComparison.Ordinal);
        if (TextAt(plan, 10) is { } leading) _leading = Pattern($"^(?:{leading})");
        _types = At(plan, 11) is { ValueKind: JsonValueKind.Array } types ? [.. TypesOf(types)] : [];
    }

    public string Region { get; }

    public string CallingCode { get; }

    /// <summary>Whether digits may be a number of the plan, whatever it is for.</summary>
    public bool Fits(string national) => _general.Value.IsMatch(national);

    public bool Leads(string national) => _leading?.Value.IsMatch(national) ?? false;

    public bool HasLeading => _leading is not null;

    /// <summary>What a number is for; null: there is no such number.</summary>
    public PhoneType? TypeOf(string national)
    {
        if (!Fits(national)) return null;
        var (isFixed, isMobile) = (false, false);
        PhoneType? other = null;
        foreach (var (type, pattern) in _types)
        {
            if (!pattern.Value.IsMatch(national)) continue;
            if (type == PhoneType.FixedLine) isFixed = true;
            else if (type == PhoneType.Mobile) isMobile = true;
            else other ??= type;
        }
        return other ?? (isFixed, isMobile) switch
        {
            (true, true) => PhoneType.FixedLineOrMobile,
            (true, false) => PhoneType.FixedLine,
            (false, true) => PhoneType.Mobile,
            _ => null,
        };
    }

    /// <summary>The rest of a number that is dialled as one abroad; null if it is none.</summary>
    public string? Abroad(string digits) =>
        _abroad.Value.Match(digits) is { Success: true, Length: > 0 } dialled && digits.Length > dialled.Length && digits[dialled.Length] != '0' ? digits[dialled.Length..] : null;

    /// <summary>Without what is dialled before it inside the country, unless that would make a number of something that was one before.</summary>
    public string National(string digits)
    {
        if (_prefix?.Value.Match(digits) is not { Success: true, Length: > 0 } dialled) return digits;
        var hasGroup = dialled.Groups.Count > 1 && dialled.Groups[^1].Success;
        var rest = _transform is not null && hasGroup ? dialled.Result(_transform) + digits[dialled.Length..] : digits[dialled.Length..];
        return Fits(digits) && !Fits(rest) ? digits : rest;
    }

    // A plan whose mobiles have the numbers of its fixed lines leaves out their pattern.
    private static IEnumerable<(PhoneType, Lazy<Regex>)> TypesOf(JsonElement types)
    {
        for (var place = 0; place <= (int)PhoneType.SharedCost; place++)
        {
            var pattern = At(types, place) is { ValueKind: JsonValueKind.Array } type ? TextAt(type, 0) : null;
            if (string.IsNullOrEmpty(pattern) && place == (int)PhoneType.Mobile && At(types, (int)PhoneType.FixedLine) is { ValueKind: JsonValueKind.Array } fixedLine) pattern = TextAt(fixedLine, 0);
            if (!string.IsNullOrEmpty(pattern)) yield return ((PhoneType)place, Whole(pattern));
        }
    }

    private static JsonElement? At(JsonElement list, int place) => place < list.GetArrayLength() ? list[place] : null;

    private static string? TextAt(JsonElement list, int place) => At(list, place) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static Lazy<Regex> Whole(string pattern) => Pattern($"^(?:{pattern})$");

    private static Lazy<Regex> Pattern(string pattern) => new(() => new Regex(pattern.Replace("\\d", "[0-9]", StringComparison.Ordinal), RegexOptions.CultureInvariant, Patience));
}
