using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What puts right what an appeal is upheld for: always a fact, from which the postings follow.</summary>
public abstract record Remedy;

/// <summary>A service that was not recorded, dated when it happened.</summary>
public sealed record ServiceToAdd(string Kind, Instant At, StaffId Staff, StoreId Store, MemberId Member) : Remedy;

/// <summary>The sale as it should have been entered; what happened to it since comes along.</summary>
/// <param name="Staff">Who closed it; null for nobody.</param>
/// <param name="Code">The code that was used; null for none.</param>
/// <param name="Member">Whose it is; null for nobody's.</param>
/// <param name="AllLines">Clerks of single lines are left out, so that the sale's counts for all.</param>
public sealed record CorrectSale(StaffId? Staff, string? Code, MemberId? Member, bool AllLines) : Remedy;

/// <summary>A service that never was.</summary>
public sealed record ServiceToVoid(FactId Service) : Remedy;

/// <summary>The books say it already, by a fact that came meanwhile.</summary>
public sealed record RightAlready(FactId Fact) : Remedy;

public enum RemedyFault
{
    SaleUnknown,
    SaleVoided,
    SameAsBefore,
    FactUnknown,
    FactVoided,
    NotYet,

    /// <summary>The version in force on its day does not list the kind, so that the service would do nothing (R4, R16).</summary>
    KindNotListed,
}

/// <param name="Facts">In the order in which they are to be posted.</param>
/// <param name="Fault">Why there are none.</param>
/// <param name="Corrected">The sale that takes the place of the disputed one.</param>
public sealed record RemedyFacts(IReadOnlyList<Fact> Facts, RemedyFault? Fault = null, FactId? Corrected = null)
{
    private static RemedyFacts Not(RemedyFault fault) => new([], fault);

    /// <summary>The facts of a remedy, named after the appeal, so that each is made once.</summary>
    public static async Task<RemedyFacts> OfAsync(Turn turn, long appeal, FactId sale, Remedy remedy, Instant now, CancellationToken stop)
    {
        switch (remedy)
        {
            case ServiceToAdd service:
                return service.At > now ? Not(RemedyFault.NotYet)
                    : !await IsListedAsync(turn, service, stop) ? Not(RemedyFault.KindNotListed)
                    : new([new ServiceFact(new FactId($"appeal-{appeal}-service"), service.At, 0, service.Member, service.Kind, service.Store, service.Staff)]);
            case CorrectSale correct:
                return await CorrectAsync(turn, appeal, sale, correct, now, stop);
            case ServiceToVoid voiding:
                var (found, isVoided) = await FindAsync(turn, voiding.Service, stop);
                return found is not ServiceFact ? Not(RemedyFault.FactUnknown) : isVoided ? Not(RemedyFault.FactVoided) : new([VoidOf(appeal, voiding.Service, now)]);
            case RightAlready right:
                var (already, isGone) = await FindAsync(turn, right.Fact, stop);
                return already is null ? Not(RemedyFault.FactUnknown) : isGone ? Not(RemedyFault.FactVoided) : new([]);
            default:
                throw new ArgumentOutOfRangeException(nameof(remedy), remedy, null);
        }
    }

    private static async Task<bool> IsListedAsync(Turn turn, ServiceToAdd service, CancellationToken stop) =>
        await BookRules.PolicyAsync(turn, stop) is { } policy && policy.InForceOn(policy.Zone.DayOf(service.At))?.Services.Any(terms => terms.Kind == service.Kind) == true;

    private static VoidFact VoidOf(long appeal, FactId fact, Instant now) => new(new FactId($"appeal-{appeal}-void"), now, 0, fact);

    /// <summary>A void takes a sale with everything about it (R1): all that still counts is told again, of the corrected one, when it happened.</summary>
    private static async Task<RemedyFacts> CorrectAsync(Turn turn, long appeal, FactId sale, CorrectSale correct, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var facts = (await books.Facts.Where(fact => fact.Sale == sale.Value).OrderBy(fact => fact.Seq).ToListAsync(stop)).ConvertAll(StoredForms.FactOf);
        if (facts.OfType<SaleFact>().SingleOrDefault() is not { } before) return Not(RemedyFault.SaleUnknown);
        var voided = facts.OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        if (voided.Contains(sale)) return Not(RemedyFault.SaleVoided);
        SaleLine[] lines = correct.AllLines ? [.. before.Lines.Select(line => line with { Staff = null })] : before.Lines;
        var id = IdOf(sale, appeal, 0);
        var after = new SaleFact(id, before.At, 0, before.Channel, before.Store, correct.Member, correct.Staff, correct.Code, lines);
        if (StoredForms.BodyOf(new SaleFact(before.Id, before.At, 0, before.Channel, before.Store, correct.Member, correct.Staff, correct.Code, lines)) == StoredForms.BodyOf(before)) return Not(RemedyFault.SameAsBefore);
        var changes = facts.OfType<SaleChangeFact>().Where(change => !voided.Contains(change.Id)).Select((change, place) => change with { Id = IdOf(change.Id, appeal, place + 1), Sale = id });
        return new([after, .. changes, VoidOf(appeal, sale, now)], Corrected: id);
    }

    /// <summary>Like the one whose place it takes; what is too long for that is named after the appeal alone.</summary>
    private static FactId IdOf(FactId before, long appeal, int place) =>
        new($"{before}~{appeal}" is var like && like.Length <= FactForm.MaxIdLength ? like : $"appeal-{appeal}-{place}");

    private static async Task<(Fact? Fact, bool IsVoided)> FindAsync(Turn turn, FactId id, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Facts.SingleOrDefaultAsync(fact => fact.Id == id.Value, stop) is not { } row) return default;
        // A void is stored with whom or which sale it is about.
        var voids = await books.Facts.Where(fact => fact.Type == (short)FactOrder.Void && (row.Sale != null ? fact.Sale == row.Sale : fact.Member == row.Member)).ToListAsync(stop);
        return (StoredForms.FactOf(row), voids.Select(StoredForms.FactOf).OfType<VoidFact>().Any(fact => fact.Voided == id || fact.Voided.Value == row.Sale));
    }
}
