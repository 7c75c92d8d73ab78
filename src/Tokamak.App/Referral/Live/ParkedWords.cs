using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>A parked fact as people read it: what it is, what it waits for, and what they can do.</summary>
internal sealed class ParkedWords(BrandNames names, Texts t, Show show)
{
    private readonly TraceWords _words = new(names, t, show);

    /// <summary>Null for one that no longer reads, which only an older program can have left.</summary>
    public static Fact? FactOf(ParkedRow row)
    {
        try
        {
            return ParkedFacts.FactOf(row);
        }
        catch (WrongBooksException)
        {
            return null;
        }
    }

    public string KindOf(Fact? fact) => fact?.Order switch
    {
        FactOrder.Staff => t["parked.kind.staff"],
        FactOrder.Merge => t["parked.kind.merge"],
        FactOrder.Service => t["parked.kind.service"],
        FactOrder.Sale => t["parked.kind.sale"],
        FactOrder.Handover => t["parked.kind.handover"],
        FactOrder.Cancel => t["parked.kind.cancel"],
        FactOrder.Refund => t["parked.kind.refund"],
        FactOrder.Return => t["parked.kind.return"],
        FactOrder.Void => t["parked.kind.void"],
        null => t["parked.kind.unreadable"],
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Order, null),
    };

    /// <summary>The choices of a filter.</summary>
    public string ChoiceOf(ParkedWait wait) => wait switch
    {
        ParkedWait.Fact => t["parked.choice.fact"],
        ParkedWait.Sale => t["parked.choice.sale"],
        ParkedWait.Staff => t["parked.choice.staff"],
        ParkedWait.Code => t["parked.choice.code"],
        ParkedWait.Day => t["parked.choice.day"],
        ParkedWait.Store => t["parked.choice.store"],
        ParkedWait.Corrected => t["parked.choice.corrected"],
        ParkedWait.Attention => t["parked.choice.attention"],
        _ => throw new ArgumentOutOfRangeException(nameof(wait), wait, null),
    };

    /// <summary>What it waits for, as a sentence; names from the data are marked (<see cref="TraceWords"/>).</summary>
    public string WaitsFor(ParkedRow row, Fact? fact) => ReadParked.WaitOf(row) switch
    {
        (ParkedWait.Fact, var id) when fact is SaleChangeFact => t["parked.waits.itssale", NameMarks.Of(id)],
        (ParkedWait.Fact, var id) => t["parked.waits.fact", NameMarks.Of(id)],
        (ParkedWait.Sale, var id) => t["parked.waits.sale", NameMarks.Of(id)],
        (ParkedWait.Staff, var id) when fact is StaffFact or VoidFact => t["parked.waits.roster", ClerkWithId(id)],
        (ParkedWait.Staff, var id) => t["parked.waits.staff", ClerkWithId(id)],
        (ParkedWait.Code, var code) => t["parked.waits.code", NameMarks.Of(code)],
        (ParkedWait.Day, var day) => t["parked.waits.day", show.Day(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture))],
        (ParkedWait.Store, _) => t["parked.waits.store"],
        (ParkedWait.Corrected, var id) => t["parked.waits.corrected", NameMarks.Of(id)],
        (ParkedWait.Attention, _) => t["parked.waits.attention"],
        var (wait, _) => throw new ArgumentOutOfRangeException(nameof(row), wait, null),
    };

    /// <summary>What helps.</summary>
    public string HelpOf(ParkedRow row, Fact? fact) => ReadParked.WaitOf(row).Wait switch
    {
        ParkedWait.Fact => t["parked.help.fact"],
        ParkedWait.Sale => t["parked.help.sale"],
        ParkedWait.Staff when fact is StaffFact or VoidFact => t["parked.help.roster"],
        ParkedWait.Staff => t["parked.help.staff"],
        ParkedWait.Code => t["parked.help.code"],
        ParkedWait.Day => t["parked.help.day"],
        ParkedWait.Store => t["parked.help.store"],
        ParkedWait.Corrected => t["parked.help.corrected"],
        ParkedWait.Attention => t["parked.help.attention"],
        var wait => throw new ArgumentOutOfRangeException(nameof(row), wait, null),
    };

    /// <summary>Whom and what the fact names, each with its word; nothing that is not known.</summary>
    public IEnumerable<(string Word, string Sentence)> About(Fact? fact)
    {
        if (fact is SaleChangeFact change) yield return (t["sale.label"], NameMarks.Of(change.Sale.Value));
        if (fact is VoidFact voiding) yield return (t["parked.voids"], NameMarks.Of(voiding.Voided.Value));
        if (MemberOf(fact) is { } member) yield return (t["sale.member"], NameMarks.Of(member.Value));
        if (StaffOf(fact) is { Count: > 0 } staff) yield return (t["clerk.label"], string.Join(t["list.comma"], staff.Select(clerk => ClerkWithId(clerk.Value))));
        if (StoreOf(fact) is { } store) yield return (t["store.label"], _words.Store(store));
        if (fact is SaleFact sale) yield return (t["amount"], show.Money(sale.Lines.Aggregate((Int128)0, (sum, line) => sum + line.Net)));
    }

    private static MemberId? MemberOf(Fact? fact) => fact switch
    {
        SaleFact sale => sale.Member,
        ServiceFact service => service.Member,
        MergeFact merge => merge.From,
        StaffFact staff => staff.Member,
        _ => null,
    };

    private static List<StaffId> StaffOf(Fact? fact) => fact switch { null => [], StaffFact staff => [staff.Staff], _ => [.. Mentions.StaffOf(fact)] };

    private static StoreId? StoreOf(Fact? fact) => fact switch
    {
        SaleFact { Channel: Channel.Online } => StoreId.Online,
        SaleFact sale => sale.Store,
        ServiceFact service => service.Store,
        HandoverFact handover => handover.Store,
        StaffFact staff => staff.Store,
        _ => null,
    };

    private string ClerkWithId(string id) => names.StaffName(new StaffId(id)) is var name && name == id ? NameMarks.Of(id) : NameMarks.Of($"{name} {id}");
}
