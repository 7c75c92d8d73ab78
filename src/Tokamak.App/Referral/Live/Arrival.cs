using Tokamak.App.Brands;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>What became of a fact that was sent.</summary>
public enum FactStatus
{
    /// <summary>It is stored, and what follows from it is posted, or will be in a moment where it reaches many members.</summary>
    Accepted,

    /// <summary>It was stored before, and says the same.</summary>
    Duplicate,

    /// <summary>It is kept, and counts as soon as what it waits for is known.</summary>
    Parked,

    /// <summary>It can never be, as it stands; nothing is kept of it.</summary>
    Refused,
}

/// <summary>The answer to one fact. <see cref="Reason"/> says why it is parked or refused, and what to do.</summary>
public sealed record FactAnswer(FactStatus Status, string? Reason = null);

/// <summary>One fact in good form, as it reached the writer.</summary>
/// <param name="Fact">What happened. A till's sale without a store has none here: it is taken and flagged.</param>
/// <param name="Sender">The key it came with; null from the office.</param>
public sealed record Arrival(Fact Fact, string? Sender)
{
    /// <summary>As it is stored, the same for the same fact.</summary>
    public string Body { get; } = StoredForms.BodyOf(Fact);

    /// <summary>A sale in a store that does not say in which.</summary>
    public bool LacksStore => LacksStoreOf(Fact);

    internal static bool LacksStoreOf(Fact fact) => fact is SaleFact { Channel: Channel.Store, Store: null };
}

/// <summary>What could make a parked fact count: the text that <c>parked.waits_for</c> holds.</summary>
internal static class WaitsFor
{
    public const string Store = "store", Attention = "attention";

    public static string Fact(FactId id) => $"fact {id}";

    public static string Sale(string id) => $"sale {id}";

    public static string Staff(StaffId id) => $"staff {id}";

    public static string Code(string code) => $"code {code}";

    /// <summary>Somebody to count it for the sale that took the place of the one it names.</summary>
    public static string Corrected(FactId sale) => $"{CorrectedWord}{sale}";

    public const string CorrectedWord = "corrected ";

    public static string Day(DateOnly day) => $"day {day:yyyy-MM-dd}";

    /// <summary>What a fact makes known, and so may make parked ones count.</summary>
    /// <param name="fact">It.</param>
    /// <param name="voided">Of a void: what it voids, where that is known.</param>
    public static IEnumerable<string> OfferedBy(Fact fact, Fact? voided = null)
    {
        yield return Fact(fact.Id);
        foreach (var offered in fact is VoidFact ? [] : About(fact)) yield return offered;
        if (voided is null) yield break;
        foreach (var offered in About(voided)) yield return offered;
        foreach (var staff in Mentions.StaffOf(voided)) yield return Staff(staff);
    }

    private static IEnumerable<string> About(Fact fact)
    {
        if (fact is SaleChangeFact change) yield return Sale(change.Sale.Value);
        if (fact is not StaffFact employment) yield break;
        yield return Staff(employment.Staff);
        if (employment.Code is { } code) yield return Code(code);
    }
}
