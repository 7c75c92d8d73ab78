using System.Text.Json.Serialization;

namespace Tokamak.Client;

/// <summary>Where a sale was made.</summary>
public enum Channel
{
    /// <summary>In a store.</summary>
    Store,

    /// <summary>In the web shop or the app.</summary>
    Online,
}

/// <summary>How the goods of a line reach the member.</summary>
public enum Fulfil
{
    /// <summary>Taken along at the sale.</summary>
    Taken,

    /// <summary>To be picked up in a store.</summary>
    Pickup,

    /// <summary>Shipped.</summary>
    Ship,
}

/// <summary>What happened to a clerk.</summary>
public enum EmploymentEvent
{
    /// <summary>They joined.</summary>
    Joined,

    /// <summary>They work in another store, or have another grade.</summary>
    Moved,

    /// <summary>They left.</summary>
    Left,
}

/// <summary>Something that happened; it never changes. Ids have 1 to 100 characters without white space, comma or double quote.</summary>
/// <param name="Id">Of your choosing, unique in the brand for ever: the same fact sent again has the same id.</param>
/// <param name="At">When it happened.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StaffFact), "staff"), JsonDerivedType(typeof(MergeFact), "merge"), JsonDerivedType(typeof(ServiceFact), "service"), JsonDerivedType(typeof(SaleFact), "sale")]
[JsonDerivedType(typeof(HandoverFact), "handover"), JsonDerivedType(typeof(CancelFact), "cancel"), JsonDerivedType(typeof(RefundFact), "refund"), JsonDerivedType(typeof(ReturnFact), "return")]
[JsonDerivedType(typeof(VoidFact), "void")]
public abstract record Fact(string Id, DateTimeOffset At);

/// <summary>A line of a sale.</summary>
/// <param name="Line">From 1, unique in its sale.</param>
/// <param name="Category">Of the goods.</param>
/// <param name="Quantity">1 to 1,000,000.</param>
/// <param name="Net">After every discount and after points spent, without shipping, in whole units of the currency.</param>
/// <param name="Fulfil">How the goods reach the member.</param>
/// <param name="Staff">Who closed this line, if another than the sale says.</param>
public sealed record SaleLine(long Line, string Category, int Quantity, long Net, Fulfil Fulfil, string? Staff = null);

/// <summary>A sale.</summary>
/// <param name="Id">Of the sale.</param>
/// <param name="At">When.</param>
/// <param name="Channel">Where.</param>
/// <param name="Lines">What.</param>
public sealed record SaleFact(string Id, DateTimeOffset At, Channel Channel, IReadOnlyList<SaleLine> Lines) : Fact(Id, At)
{
    /// <summary>The store, for channel store.</summary>
    public string? Store { get; init; }

    /// <summary>Whose it is, if that is known.</summary>
    public string? Member { get; init; }

    /// <summary>Who closed it: the staff at a till, or who built the cart of an online order.</summary>
    public string? Staff { get; init; }

    /// <summary>The referral code that was used.</summary>
    public string? Code { get; init; }
}

/// <summary>Units of a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Quantity">How many.</param>
public sealed record LineUnits(long Line, int Quantity);

/// <summary>Money of a line, in whole units of the currency.</summary>
/// <param name="Line">The line.</param>
/// <param name="Amount">How much.</param>
public sealed record LineAmount(long Line, long Amount);

/// <summary>Units of a line given back.</summary>
/// <param name="Line">The line.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Amount">For so much money; null: their part of what remains.</param>
public sealed record LineReturn(long Line, int Quantity, long? Amount = null);

/// <summary>Units of a sale handed over.</summary>
/// <param name="Id">Of the handover.</param>
/// <param name="At">When.</param>
/// <param name="Sale">Of which sale.</param>
/// <param name="Lines">What.</param>
public sealed record HandoverFact(string Id, DateTimeOffset At, string Sale, IReadOnlyList<LineUnits> Lines) : Fact(Id, At)
{
    /// <summary>Where; null: delivered by courier.</summary>
    public string? Store { get; init; }

    /// <summary>By whom.</summary>
    public string? Staff { get; init; }
}

/// <summary>Units of a sale that will not be handed over.</summary>
/// <param name="Id">Of the cancel.</param>
/// <param name="At">When.</param>
/// <param name="Sale">Of which sale.</param>
/// <param name="Lines">What.</param>
public sealed record CancelFact(string Id, DateTimeOffset At, string Sale, IReadOnlyList<LineUnits> Lines) : Fact(Id, At);

/// <summary>Money given back while the goods are kept.</summary>
/// <param name="Id">Of the refund.</param>
/// <param name="At">When.</param>
/// <param name="Sale">Of which sale.</param>
/// <param name="Lines">How much.</param>
public sealed record RefundFact(string Id, DateTimeOffset At, string Sale, IReadOnlyList<LineAmount> Lines) : Fact(Id, At);

/// <summary>Handed-over units given back.</summary>
/// <param name="Id">Of the return.</param>
/// <param name="At">When.</param>
/// <param name="Sale">Of which sale.</param>
/// <param name="Lines">What.</param>
public sealed record ReturnFact(string Id, DateTimeOffset At, string Sale, IReadOnlyList<LineReturn> Lines) : Fact(Id, At);

/// <summary>A service to a member.</summary>
/// <param name="Id">Of the service.</param>
/// <param name="At">When.</param>
/// <param name="Member">To whom.</param>
/// <param name="Kind">As the policy lists it.</param>
/// <param name="Store">Where.</param>
public sealed record ServiceFact(string Id, DateTimeOffset At, string Member, string Kind, string Store) : Fact(Id, At)
{
    /// <summary>By whom; null: by the store itself, such as a counter's QR code.</summary>
    public string? Staff { get; init; }
}

/// <summary>Two member ids are one person.</summary>
/// <param name="Id">Of the merge.</param>
/// <param name="At">From when on.</param>
/// <param name="From">This id means the other from then on.</param>
/// <param name="Into">The other.</param>
public sealed record MergeFact(string Id, DateTimeOffset At, string From, string Into) : Fact(Id, At);

/// <summary>A clerk joined, moved or left.</summary>
/// <param name="Id">Of the fact.</param>
/// <param name="At">When.</param>
/// <param name="Staff">The clerk.</param>
/// <param name="Event">What happened.</param>
public sealed record StaffFact(string Id, DateTimeOffset At, string Staff, EmploymentEvent Event) : Fact(Id, At)
{
    /// <summary>Where, for joined and moved.</summary>
    public string? Store { get; init; }

    /// <summary>Their grade, for joined and moved.</summary>
    public string? Grade { get; init; }

    /// <summary>Their referral code, for joined.</summary>
    public string? Code { get; init; }

    /// <summary>Their own member id, for joined.</summary>
    public string? Member { get; init; }
}

/// <summary>A fact that never happened.</summary>
/// <param name="Id">Of the void.</param>
/// <param name="At">When that was found.</param>
/// <param name="Voided">Id of the fact.</param>
public sealed record VoidFact(string Id, DateTimeOffset At, [property: JsonPropertyName("fact")] string Voided) : Fact(Id, At);
