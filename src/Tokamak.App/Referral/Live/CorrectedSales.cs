using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>
/// Sales that an upheld appeal voided and entered again under another number (docs/adr/0015). What others still send about the old
/// number would be taken and count nowhere (R1), so it waits for the office.
/// </summary>
internal sealed class CorrectedSales(Turn turn)
{
    private readonly Dictionary<string, string> _next = [];
    private readonly HashSet<string> _asked = [];
    private readonly HashSet<string> _stored = [];

    /// <summary>Learns of these sales, and of those that took their place.</summary>
    public async Task LookUpAsync(IEnumerable<string> sales, CancellationToken stop)
    {
        await using var books = turn.Books();
        for (var asked = sales.Where(_asked.Add).ToList(); asked.Count > 0;)
        {
            var found = await books.Appeals.Where(row => asked.Contains(row.Sale) && row.Corrected != null).Select(row => new { row.Sale, row.Corrected, IsStored = books.Facts.Any(fact => fact.Id == row.Corrected) }).ToListAsync(stop);
            foreach (var row in found) _next[row.Sale] = row.Corrected!;
            _stored.UnionWith(found.Where(row => row.IsStored).Select(row => row.Sale));
            asked = [.. found.Select(row => row.Corrected!).Where(_asked.Add)];
        }
    }

    /// <summary>The sale that counts in the place of this one; null where it stands itself.</summary>
    public FactId? LatestOf(string sale)
    {
        FactId? latest = null;
        while (_next.TryGetValue(sale, out var next)) latest = new FactId(sale = next);
        return latest;
    }

    /// <summary>Whether the one that counts in its place is stored; else it is being corrected by the very batch at hand.</summary>
    public bool IsReplaced(string sale) => _stored.Contains(sale);

    /// <summary>Whether a stored fact is this one, counted by the office for the corrected sale: whoever sends it again need not know.</summary>
    public bool Says(Fact stored, Fact sent)
    {
        if (sent is not SaleChangeFact change || stored is not SaleChangeFact counted || stored.GetType() != sent.GetType()) return false;
        for (var sale = change.Sale.Value; _next.TryGetValue(sale, out var next); sale = next)
            if (next == counted.Sale.Value) return StoredForms.BodyOf(change with { Sale = counted.Sale }) == StoredForms.BodyOf(counted);
        return false;
    }

    /// <summary>The same fact about the sale that took the place of its own; null where there is none such.</summary>
    public async Task<Fact?> InPlaceOfAsync(Fact fact, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (fact is SaleChangeFact change)
        {
            await LookUpAsync([change.Sale.Value], stop);
            return LatestOf(change.Sale.Value) is { } latest ? change with { Sale = latest } : null;
        }
        if (fact is not VoidFact voiding || await books.Facts.SingleOrDefaultAsync(row => row.Id == voiding.Voided.Value, stop) is not { Sale: { } sale } row) return null;
        await LookUpAsync([sale], stop);
        if (LatestOf(sale) is not { } corrected) return null;
        if (row.Id == sale) return voiding with { Voided = corrected };
        // Not by the way it is named, which a long id changes, but by what it says.
        var voided = (SaleChangeFact)StoredForms.FactOf(row);
        var about = await books.Facts.Where(other => other.Sale == corrected.Value).OrderBy(other => other.Seq).ToListAsync(stop);
        var same = about.Select(StoredForms.FactOf).OfType<SaleChangeFact>().FirstOrDefault(other => StoredForms.BodyOf(other) == StoredForms.BodyOf(voided with { Id = other.Id, Sale = other.Sale }));
        return same is null ? null : voiding with { Voided = same.Id };
    }
}
