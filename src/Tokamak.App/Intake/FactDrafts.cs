using System.Runtime.InteropServices;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>
/// Gathers rows into facts by id. A fact comes in whole or not at all: where one of its rows is bad, or other facts leave
/// no room for it, all its rows are rejected, since half an order would pay the wrong commission.
/// </summary>
internal sealed class FactDrafts(Zone zone, Rejects rejects)
{
    private const int LongFactLines = 1000;
    private readonly Dictionary<string, Draft> _drafts = new(StringComparer.Ordinal);

    private sealed class Draft(FactRule rule)
    {
        public FactRule Rule { get; } = rule;
        public Fact? Head;
        public List<SaleLine>? Sold;
        public List<LineChange>? Changes;
        public List<RowPlace> Rows = new(1);
        public string? Refusal;
    }

    public int Count => _drafts.Count;

    /// <summary>Takes a row that its rule took. A row found bad here is rejected, and with it the fact it belongs to.</summary>
    public void Take(FactRule rule, FactBuilder builder, RuleRow row, RowPlace place)
    {
        if (builder.IdOf(row) is not { } id)
        {
            rejects.Add(place, row.FaultColumn!, row.FaultReason!);
            return;
        }
        var head = builder.Head(row, id);
        var sold = rule.Type == FactType.Sale ? builder.SaleLine(row) : default;
        var change = MappingShape.LinesOf(rule.Type).Length > 0 && rule.Type != FactType.Sale ? builder.Change(row) : default;
        if (row.IsRefused)
        {
            Spoil(rule, id, row, place);
            return;
        }
        var draft = DraftOf(rule, id, place);
        if (draft.Head is null) draft.Head = head;
        else if (draft.Head != head) draft.Refusal ??= "its rows disagree on something besides the lines (time, store, member, …), so it cannot be one fact";
        if (rule.Type == FactType.Sale) (draft.Sold ??= new(2)).Add(sold);
        else if (MappingShape.LinesOf(rule.Type).Length > 0) (draft.Changes ??= new(2)).Add(change);
    }

    /// <summary>A row is bad; the fact it belongs to, if that can be told, cannot come in.</summary>
    public void Spoil(FactRule rule, string? id, RuleRow row, RowPlace place)
    {
        rejects.Add(place, row.FaultColumn!, row.FaultReason!);
        if (id is not null) DraftOf(rule, id, null).Refusal ??= $"another of its rows ({place.File} line {place.Line}) is bad";
    }

    private Draft DraftOf(FactRule rule, string id, RowPlace? place)
    {
        ref var draft = ref CollectionsMarshal.GetValueRefOrAddDefault(_drafts, id, out var exists);
        if (!exists) draft = new Draft(rule);
        else if (draft!.Rule != rule) draft.Refusal ??= $"the rules at {draft.Rule.Path} and {rule.Path} both give this id; give one of them a prefix";
        if (place is { } row) draft!.Rows.Add(row);
        return draft!;
    }

    /// <summary>All sound facts in the order of R1. The others' rows go to the rejects.</summary>
    public List<Fact> Complete()
    {
        var sound = new List<(Draft Draft, Fact Fact)>(_drafts.Count);
        foreach (var (id, draft) in _drafts)
        {
            if (draft.Refusal is null && draft.Head is not null && Whole(draft) is { } fact) sound.Add((draft, fact));
            else Reject(id, draft);
            (draft.Sold, draft.Changes) = (null, null);
        }
        _drafts.Clear();
        sound.Sort((a, b) => InOrder(a.Fact, b.Fact));
        return Consistent(sound);
    }

    private static int InOrder(Fact a, Fact b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : a.Order != b.Order ? a.Order.CompareTo(b.Order) : a.Id.CompareTo(b.Id);

    private Fact? Whole(Draft draft)
    {
        if (draft.Sold is { } sold)
        {
            sold.Sort((a, b) => a.Line.CompareTo(b.Line));
            if (Repeated(draft, sold.Select(line => line.Line))) return null;
            var head = (SaleFact)draft.Head!;
            return NotTooLong(draft, new SaleFact(head.Id, head.At, 0, head.Channel, head.Store, head.Member, head.Staff, head.Code, [.. sold]), sold.Count);
        }
        if (draft.Changes is not { } changes) return draft.Head;
        changes.Sort((a, b) => a.Line.CompareTo(b.Line));
        return Repeated(draft, changes.Select(line => line.Line)) ? null : NotTooLong(draft, (SaleChangeFact)draft.Head! with { Lines = [.. changes] }, changes.Count);
    }

    private static bool Repeated(Draft draft, IEnumerable<long> inOrder)
    {
        long last = 0;
        foreach (var line in inOrder)
        {
            if (line == last) draft.Refusal = $"line {line} stands twice in it; each line must have a number of its own";
            last = line;
        }
        return draft.Refusal is not null;
    }

    private Fact? NotTooLong(Draft draft, Fact fact, int lines)
    {
        if (lines < LongFactLines) return fact;
        using var text = new MemoryStream();
        using (var writer = new FactWriter(text, zone)) writer.Write(fact);
        if (text.Length <= FactReader.MaxLineBytes) return fact;
        draft.Refusal = $"it has {lines:N0} lines, and a fact may have {FactReader.MaxLineBytes:N0} bytes; give its parts ids of their own";
        return null;
    }

    /// <summary>Leaves out facts that the others give no ground for (R1), until what remains would be accepted as a whole.</summary>
    private List<Fact> Consistent(List<(Draft Draft, Fact Fact)> sound)
    {
        while (true)
        {
            var facts = new List<Fact>(sound.Count);
            foreach (var (_, fact) in sound) facts.Add(fact with { SourceLine = facts.Count + 1 });
            var faults = new List<Fault>();
            var log = FactLog.Build(facts, zone, null, faults);
            if (faults.Count == 0) SaleLimits.Check(log, faults);
            if (faults.Count == 0) return facts;

            foreach (var fault in faults) sound[fault.Line!.Value - 1].Draft.Refusal ??= fault.Message;
            foreach (var (draft, fact) in sound)
                if (draft.Refusal is not null) Reject(fact.Id.Value, draft);
            sound.RemoveAll(each => each.Draft.Refusal is not null);
        }
    }

    private void Reject(string id, Draft draft)
    {
        foreach (var row in draft.Rows) rejects.Add(row, "", $"{draft.Rule.Type.Word()} {id} is left out: {draft.Refusal}");
    }
}
