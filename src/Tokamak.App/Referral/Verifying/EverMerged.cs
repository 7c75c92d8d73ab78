using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Verifying;

/// <summary>
/// Members who are or once were one person, by all merges stored. A voided merge is among them: what was settled while it counted is
/// judged with the facts of both. As many as there are merges, held in memory.
/// </summary>
internal sealed class EverMerged
{
    private readonly Dictionary<string, string> _into = [];
    private readonly Dictionary<string, List<string>> _together = [];

    public static async Task<EverMerged> LoadAsync(Turn turn, CancellationToken stop)
    {
        var merged = new EverMerged();
        foreach (var (body, id) in await turn.ReadAsync($"select body, id from fact where type = {(short)FactOrder.Merge}", row => (row.GetString(0), row.GetString(1)), stop))
            if (StoredForms.FactOf(body, id) is MergeFact merge) merged.Join(merge.From.Value, merge.Into.Value);
        foreach (var member in merged._into.Keys.ToList())
        {
            if (!merged._together.TryGetValue(merged.Of(member), out var together)) merged._together.Add(merged.Of(member), together = []);
            together.Add(member);
        }
        return merged;
    }

    /// <summary>One of them, the same for all.</summary>
    public string Of(string member)
    {
        if (!_into.TryGetValue(member, out var into) || into == member) return member;
        return _into[member] = Of(into);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> With(string member) => _together.TryGetValue(Of(member), out var together) ? together : [member];

    private void Join(string from, string into)
    {
        _into.TryAdd(from, from);
        _into.TryAdd(into, into);
        _into[Of(from)] = Of(into);
    }
}
