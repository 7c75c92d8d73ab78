using System.Globalization;
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

    /// <summary>What can be read back: the form where it is sound, else what is stored.</summary>
    public PolicyVersion? Readable => Check.Version ?? saved;

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
        if (Readable is not { } version) return [];
        var sentences = new PolicySentences(version, t, show);
        return part == MechanismPart.Frame ? sentences.Frame() : sentences.Parts()[(int)part - 1].Sentences;
    }

    /// <summary>The id of a field's element; the parts of its path between dashes.</summary>
    public static string IdOf(string name) => "f-" + string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Replace("--", "-", StringComparison.Ordinal);

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
