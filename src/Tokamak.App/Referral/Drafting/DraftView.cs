using System.Globalization;
using System.Text.Json.Nodes;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>A draft as the page shows it: the form as it stands, what that comes to, and what is stored.</summary>
public sealed class DraftView(DraftForm form, DraftFrame frame, PolicyVersion? saved, bool mayEdit, Texts t, Show show)
{
    private readonly DraftWords _words = new(t, show);
    private ILookup<string, Fault>? _faults;

    public DraftForm Form => form;
    public DraftFrame Frame => frame;
    public bool MayEdit => mayEdit;
    public DraftWords Words => _words;

    /// <summary>What the form comes to.</summary>
    public DraftCheck Check { get; } = DraftCheck.Of(form, frame);

    /// <summary>As stored; null while that has faults.</summary>
    public PolicyVersion? Saved => saved;

    /// <summary>Whether a part can be read back as it was typed; else it is shown as it is stored, if that is sound.</summary>
    public bool IsReadable(MechanismPart part) => Check.Version is not null || (Mended is not null && !FieldsOf(part).Any(Faulty.Contains));

    public IReadOnlyList<PolicyWarning> Warnings => field ??= Check.Version is { } version ? PolicyWarnings.Of(version) : [];

    /// <summary>What stands wrong at a field, in words.</summary>
    public IEnumerable<string> FaultsAt(string name) => Faults[name].Select(fault => _words.Of(name, fault, frame)).Distinct();

    /// <summary>What stands wrong in a part, with the field that each stands at.</summary>
    public IEnumerable<(string Field, string Text)> FaultsIn(MechanismPart part) =>
        from field in Faults
        where PartOf(field.Key) == part
        from text in FaultsAt(field.Key)
        select (field.Key, Row(field.Key) is { } row ? t["drafts.row", show.Count(row), text] : text);

    public IReadOnlyList<PolicySentence> SentencesOf(MechanismPart part)
    {
        if ((Check.Version ?? (IsReadable(part) ? Mended : saved)) is not { } version) return [];
        var sentences = new PolicySentences(version, t, show);
        return part == MechanismPart.Frame ? sentences.Frame() : sentences.Parts()[(int)part - 1].Sentences;
    }

    /// <summary>The id of a field's element; the parts of its path between dashes.</summary>
    public static string IdOf(string name) => "f-" + string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Replace("--", "-", StringComparison.Ordinal);

    /// <summary>The fields of the policy's JSON that hold a fault.</summary>
    private HashSet<string> Faulty => field ??= [.. Check.Faults.Select(fault => fault.Path!.TrimStart('$', '.').Split('.', '[')[0])];

    /// <summary>What was typed, with the fields that hold a fault as a sound version has them: enough to read the other parts back.</summary>
    private PolicyVersion? Mended => field ??= Mend();

    private PolicyVersion? Mend()
    {
        var sound = saved ?? frame.Last ?? PolicyTemplates.Of(PolicyTemplate.DecayingOwner, frame.Next, frame.Earliest ?? DateOnly.MinValue, "Asia/Taipei", "TWD");
        var (typed, other) = (JsonNode.Parse(Check.Body)!.AsObject(), JsonNode.Parse(PolicyWriter.Write(sound))!.AsObject());
        foreach (var name in Faulty)
        {
            typed.Remove(name);
            if (other[name] is { } value) typed[name] = value.DeepClone();
        }
        return DraftCheck.Of(typed.ToJsonString(), frame).Version;
    }

    private static string[] FieldsOf(MechanismPart part) => part switch
    {
        MechanismPart.Frame => ["effectiveFrom", "timezone", "currency"],
        MechanismPart.Binding => ["takeover", "staffMoves", "staffLeaves"],
        MechanismPart.Services => ["services"],
        MechanismPart.Lives => ["services", "decay", "linkDays"],
        MechanismPart.Settled => ["split", "selfPurchase", "rates", "holdDays", "clawbackDays"],
        MechanismPart.Divided => ["split", "bands", "capPerMonth", "staffPercent", "bounties"],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private ILookup<string, Fault> Faults => _faults ??= Check.ByField(form);

    private static int? Row(string name) =>
        name.IndexOf('[', StringComparison.Ordinal) is var open and > 0 && int.TryParse(name.AsSpan(open + 1, name.IndexOf(']', StringComparison.Ordinal) - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row + 1 : null;

    private static MechanismPart PartOf(string name) => name.Split('.', '[')[0] switch
    {
        "takeover" or "staffMoves" or "staffLeaves" => MechanismPart.Binding,
        "services" => name.EndsWith("Days", StringComparison.Ordinal) ? MechanismPart.Lives : MechanismPart.Services,
        "decay" or "linkDays" => MechanismPart.Lives,
        "selfPurchase" or "rates" or "holdDays" or "clawbackDays" => MechanismPart.Settled,
        "split" => name.Contains(".closer[", StringComparison.Ordinal) ? MechanismPart.Settled : MechanismPart.Divided,
        "bands" or "capPerMonth" or "staffPercent" or "bounties" => MechanismPart.Divided,
        _ => MechanismPart.Frame,
    };
}
