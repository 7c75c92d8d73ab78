using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What is wrong at a field of the form, and what may stand there, in the person's words.</summary>
public sealed class OfferFaults(Texts t, Show show)
{
    /// <param name="field">Of <see cref="OfferPaths"/>.</param>
    /// <param name="fault">As the reader names it.</param>
    public string Of(string field, Fault fault) => OfField(field, fault.Kind) ?? fault.Kind switch
    {
        FaultKind.Number when fault.Most == Cart.MaxMoney => t["offer.fault.amount", show.Money(fault.Least)],
        FaultKind.Number => t["fault.number", show.Count(fault.Least), show.Count(fault.Most)],
        FaultKind.Word => t["fault.word"],
        FaultKind.NotRising => t["fault.rising"],
        FaultKind.Twice => t["fault.twice"],
        _ => t["offer.fault.text"],
    };

    private string? OfField(string field, FaultKind kind) => (field.Split('.', '[')[0], kind) switch
    {
        ("kind", _) => t["offer.fault.kind"],
        ("give", _) => t["offer.fault.give"],
        ("name", _) => t["offer.fault.name"],
        ("from" or "until", FaultKind.Date) => t["offer.fault.moment"],
        ("until", FaultKind.NotRising) => t["offer.fault.until"],
        ("hours", FaultKind.NotRising) => t["offer.fault.hours.rising"],
        ("hours", _) => t["offer.fault.hours"],
        ("stores", FaultKind.Misplaced) => t["offer.fault.stores"],
        ("items" or "otherItems" or "needsItems", FaultKind.Empty) => t["offer.fault.items"],
        ("items" or "otherItems" or "needsItems", FaultKind.Misplaced) => t["offer.fault.all"],
        ("cheapestCount", FaultKind.TooMuch) => t["offer.fault.cheapest"],
        ("on", _) => t["offer.fault.last"],
        ("amount", FaultKind.Misplaced) => t["offer.fault.whole"],
        ("amount", FaultKind.Other) => t["offer.fault.total"],
        ("steps", FaultKind.Empty) => t["offer.fault.steps"],
        ("gifts", FaultKind.Empty) => t["offer.fault.gifts"],
        ("gifts", FaultKind.Other) => t["offer.fault.gift"],
        ("every", _) => t["offer.fault.every"],
        ("maxRepeat", FaultKind.Misplaced) => t["offer.fault.repeat"],
        ("limit" or "perMember" or "inAll" or "maxRepeat", FaultKind.Number) => t["offer.fault.times"],
        (OfferPaths.Whole, _) => t["offer.fault.whole.offer"],
        _ => null,
    };
}
