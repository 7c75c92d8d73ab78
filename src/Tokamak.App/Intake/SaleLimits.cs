using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>
/// What R1 demands of facts about each other, found for all facts at once: an import must not write a file that a replay
/// refuses at its first fault. The rules are those of the replay.
/// </summary>
internal static class SaleLimits
{
    public static void Check(FactLog log, List<Fault> faults)
    {
        var sales = new Dictionary<FactId, SaleFact>();
        var books = new Dictionary<FactId, SaleBook>();
        foreach (var fact in log.Facts)
        {
            var refusal = UnknownStaff(fact, log.Roster);
            if (refusal is null && fact is SaleFact sale) sales.Add(sale.Id, sale);
            if (refusal is null && fact is SaleChangeFact change) refusal = Change(change, sales, books);
            if (refusal is not null) faults.Add(new Fault(refusal, fact.SourceLine));
        }
    }

    private static string? Change(SaleChangeFact change, Dictionary<FactId, SaleFact> sales, Dictionary<FactId, SaleBook> books)
    {
        if (!sales.TryGetValue(change.Sale, out var sale)) return $"there is no sale {change.Sale} at or before its time; it was rejected, left out or never there";
        if (!books.TryGetValue(sale.Id, out var book)) books.Add(sale.Id, book = SaleBook.Undecided(sale));
        if (SaleRules.Refusal(book, change) is { } refusal) return refusal.Message;
        foreach (var part in change.Lines) SaleRules.Apply(book, book.IndexOf(part.Line), change, part, null);
        return null;
    }

    private static string? UnknownStaff(Fact fact, Roster roster)
    {
        var named = fact switch
        {
            ServiceFact service => service.Staff,
            SaleFact sale => sale.Staff,
            HandoverFact handover => handover.Staff,
            _ => null,
        };
        if (named is { } staff && roster.Find(staff) is null) return Unknown(staff);
        if (fact is SaleFact { Lines: var lines })
            foreach (var line in lines)
                if (line.Staff is { } closer && roster.Find(closer) is null) return Unknown(closer);
        return null;

        static string Unknown(StaffId staff) => $"no staff fact names the staff member {staff}; add a rule that lets them join";
    }
}
