using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>Member ids that are one person, as stored, and whether their facts wait to be derived anew.</summary>
internal sealed class MemberGroup(string root)
{
    public string Root { get; set; } = root;
    /// <summary>Ids of the members, those not stored yet included.</summary>
    public List<string> Ids { get; } = [];
    public bool Waits { get; set; }

    /// <summary>The last fact that their standing has seen; null for members not known before.</summary>
    public (long AtTicks, short Type, string Id)? Last { get; set; }

    /// <summary>Where they stand; null for members not known before.</summary>
    public MemberRow? State { get; set; }

    /// <summary>Does a fact come after all that the standing has seen? (R1 order)</summary>
    public bool IsNext(Fact fact) =>
        Last is not { } last || fact.At.Ticks > last.AtTicks
        || (fact.At.Ticks == last.AtTicks && ((short)fact.Order > last.Type || ((short)fact.Order == last.Type && string.CompareOrdinal(fact.Id.Value, last.Id) > 0)));
}

/// <summary>The groups that some facts touch. Facts of one group are derived together; those of two never meet.</summary>
internal sealed class Components
{
    private readonly Dictionary<string, MemberGroup> _groups = [];
    private readonly HashSet<string> _waitingSales = [];

    public IEnumerable<MemberGroup> Groups => _groups.Values.Distinct();

    public static async Task<Components> LoadAsync(Turn turn, IReadOnlyCollection<string> members, IReadOnlyCollection<string> sales, CancellationToken stop)
    {
        var components = new Components();
        await using var books = turn.Books();
        var rows = await books.Members.Where(m => books.Members.Where(named => members.Contains(named.Id)).Select(named => named.Root).Contains(m.Root)).ToListAsync(stop);
        var byRoot = new Dictionary<string, MemberGroup>();
        foreach (var row in rows)
        {
            if (!byRoot.TryGetValue(row.Root, out var group)) byRoot.Add(row.Root, group = new MemberGroup(row.Root));
            group.Ids.Add(row.Id);
            components._groups[row.Id] = group;
            if (row.Id == row.Root) (group.State, group.Last) = (row, (row.LastAtTicks, row.LastType, row.LastFact));
        }
        foreach (var id in members)
            if (!components._groups.ContainsKey(id)) (components._groups[id] = new MemberGroup(id)).Ids.Add(id);

        var ids = components._groups.Keys.ToList();
        foreach (var waiting in await books.Work.Where(w => (w.Kind == WorkKind.Member && ids.Contains(w.Name)) || (w.Kind == WorkKind.Sale && sales.Contains(w.Name))).ToListAsync(stop))
            if (waiting.Kind == WorkKind.Member) components._groups[waiting.Name].Waits = true; else components._waitingSales.Add(waiting.Name);
        return components;
    }

    public MemberGroup Of(string member) => _groups[member];

    public bool Waits(string? member, string sale) => member is null ? _waitingSales.Contains(sale) : Of(member).Waits;

    public void Wait(string? member, string sale)
    {
        if (member is null) _waitingSales.Add(sale); else Of(member).Waits = true;
    }

    /// <summary>Two groups are one from now on, and wait to be derived as one.</summary>
    public void Join(string from, string into)
    {
        var (left, right) = (Of(from), Of(into));
        right.Waits = true;
        if (left == right) return;
        right.Ids.AddRange(left.Ids);
        foreach (var id in left.Ids) _groups[id] = right;
    }
}
