using System.Net;
using System.Text.Json;

namespace Tokamak.Client;

/// <summary>What became of a fact.</summary>
public enum FactStatus
{
    /// <summary>It is stored.</summary>
    Accepted,

    /// <summary>It was stored before, and says the same.</summary>
    Duplicate,

    /// <summary>It is kept, and counts as soon as what it waits for is known.</summary>
    Parked,

    /// <summary>It can never be, as it stands.</summary>
    Refused,
}

/// <summary>What became of a fact that was sent.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Why it is parked or refused, and what to do.</param>
public sealed record FactAnswer(Fact Fact, FactStatus Status, string? Reason);

/// <summary>The server did not do what was asked; sent again as it is, it would not either.</summary>
public sealed class TokamakException : Exception
{
    /// <summary>Nothing is said of the reason.</summary>
    public TokamakException()
    {
    }

    /// <summary>With a reason.</summary>
    /// <param name="message">It.</param>
    public TokamakException(string message) : base(message)
    {
    }

    /// <summary>With a reason.</summary>
    /// <param name="message">It.</param>
    /// <param name="innerException">What led to it.</param>
    public TokamakException(string message, Exception innerException) : base(message, innerException)
    {
    }

    internal TokamakException(HttpStatusCode status, string problem, string detail) : base($"{(int)status} {problem}: {detail}") => (Status, Problem) = (status, problem);

    /// <summary>Of HTTP.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The word that the problem is known by, such as <c>no-scope</c>; docs/api.md lists them.</summary>
    public string Problem { get; } = "";
}

/// <summary>A sale on a list. Amounts are whole units of the currency.</summary>
/// <param name="Id">Of the sale.</param>
/// <param name="At">When.</param>
/// <param name="Day">Its date in the brand's time zone.</param>
/// <param name="Channel">Where.</param>
/// <param name="Sold">What it came to.</param>
/// <param name="Net">What is left of it.</param>
/// <param name="Credited">The staff to whom credit of it stands.</param>
/// <param name="Store">The store, for channel store.</param>
/// <param name="Member">Whose it is.</param>
/// <param name="Staff">Who closed it.</param>
public sealed record SaleItem(
    string Id, DateTimeOffset At, DateOnly Day, Channel Channel, long Sold, long Net, IReadOnlyList<string> Credited, string? Store = null, string? Member = null, string? Staff = null);

/// <summary>Which sales to list; what is null is not asked for.</summary>
public sealed record SaleQuery
{
    /// <summary>From this moment on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Named or credited by the sale.</summary>
    public string? Store { get; init; }

    /// <summary>Named or credited by the sale.</summary>
    public string? Staff { get; init; }

    /// <summary>Whose it is.</summary>
    public string? Member { get; init; }
}

/// <summary>Credit that stands to somebody in a role, in whole units of the currency.</summary>
/// <param name="Role">owner, closer, handover or host.</param>
/// <param name="Store">The store, or <c>online</c>.</param>
/// <param name="Amount">How much.</param>
/// <param name="Staff">The clerk; null: the store's own.</param>
public sealed record Credit(string Role, string Store, long Amount, string? Staff = null);

/// <summary>A line of a sale as it stands.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Category">Of the goods.</param>
/// <param name="Quantity">Units sold.</param>
/// <param name="Sold">What it came to.</param>
/// <param name="Net">What is left of it.</param>
/// <param name="HandedOver">Units handed over.</param>
/// <param name="Cancelled">Units that will not be.</param>
/// <param name="Returned">Units given back.</param>
/// <param name="Vested">Whether its commission is final.</param>
/// <param name="Credits">Whose it is; they add up to its net.</param>
/// <param name="VestsOn">The day its commission becomes, or became, final.</param>
public sealed record SaleLineState(
    long Line, string Category, int Quantity, long Sold, long Net, int HandedOver, int Cancelled, int Returned, bool Vested, IReadOnlyList<Credit> Credits, DateOnly? VestsOn = null);

/// <summary>A row of commission.</summary>
/// <param name="Day">The day it is dated.</param>
/// <param name="Cause">What it came from.</param>
/// <param name="Role">owner, closer, handover or host.</param>
/// <param name="Store">The store, or <c>online</c>.</param>
/// <param name="AmountE4">In ten-thousandths of a whole unit of the currency.</param>
/// <param name="Line">The line; null for a pay per handover.</param>
/// <param name="Staff">The clerk; null: the store's own.</param>
public sealed record Commission(DateOnly Day, string Cause, string Role, string Store, long AmountE4, long? Line = null, string? Staff = null);

/// <summary>A sale as it stands. Amounts are whole units of the currency.</summary>
/// <param name="Id">Of the sale.</param>
/// <param name="At">When.</param>
/// <param name="Channel">Where.</param>
/// <param name="Sold">What it came to.</param>
/// <param name="Net">What is left of it.</param>
/// <param name="Voided">It was taken back as if it had never been.</param>
/// <param name="Waits">A late fact reached it: what is posted follows in a moment.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Policy">The version of the policy that governs it.</param>
/// <param name="Commission">What it pays; null for a key that may not read pay.</param>
public sealed record Sale(
    string Id, DateTimeOffset At, Channel Channel, long Sold, long Net, bool Voided, bool Waits, IReadOnlyList<SaleLineState> Lines, int? Policy = null, IReadOnlyList<Commission>? Commission = null);

/// <summary>One sentence of an explanation.</summary>
/// <param name="Outcome">given, notGiven or note.</param>
/// <param name="Sentence">What happened and why.</param>
/// <param name="Rules">The rules that say so, such as <c>R4.4</c>.</param>
/// <param name="Who">Whom it is about.</param>
/// <param name="Next">What they can do.</param>
/// <param name="Amount">Credit or pay in whole units.</param>
public sealed record TraceSentence(string Outcome, string Sentence, IReadOnlyList<string> Rules, string? Who = null, string? Next = null, long? Amount = null);

/// <summary>A part of an explanation.</summary>
/// <param name="Heading">What it is about.</param>
/// <param name="Sentences">What there is to say.</param>
public sealed record TracePart(string Heading, IReadOnlyList<TraceSentence> Sentences);

/// <summary>Why the credit and pay of a sale went where they went.</summary>
/// <param name="Sale">Of which sale.</param>
/// <param name="Language">zh-TW or en.</param>
/// <param name="Sections">What there is to say.</param>
public sealed record Trace(string Sale, string Language, IReadOnlyList<TracePart> Sections);

/// <summary>A row of a period's statements, in whole units of the currency.</summary>
/// <param name="Name">Of the clerk or store.</param>
/// <param name="Credit">Dated in the period.</param>
/// <param name="Commission">The period's change of what is earned.</param>
/// <param name="StaffPay">The clerk's part of it.</param>
/// <param name="StorePool">The stores' part.</param>
/// <param name="Bounty">Bounties.</param>
/// <param name="Paid">What is paid out.</param>
/// <param name="Carried">What goes to the next statement.</param>
/// <param name="Staff">The clerk; null on a store's row.</param>
/// <param name="Store">The store; null on a clerk's row.</param>
/// <param name="IsFrozen">The period is closed: it stays so.</param>
public sealed record StatementItem(
    string Name, long Credit, long Commission, long StaffPay, long StorePool, long Bounty, long Paid, long Carried, string? Staff = null, string? Store = null, bool IsFrozen = false);

/// <summary>A clerk.</summary>
/// <param name="Id">Of the clerk.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Employed">Whether they are.</param>
/// <param name="Store">Where they work, or worked last.</param>
/// <param name="Grade">Their grade.</param>
/// <param name="Code">Their referral code.</param>
public sealed record StaffMember(string Id, string Name, bool Employed, string Store, string? Grade = null, string? Code = null);

/// <summary>A store.</summary>
/// <param name="Id">Of the store.</param>
/// <param name="Name">What people call it.</param>
public sealed record Store(string Id, string Name);

/// <summary>Whom a member belongs to today.</summary>
/// <param name="Store">The store that has the store's part.</param>
/// <param name="BoundAt">Since when.</param>
/// <param name="LockUntil">The first day on which another may take over.</param>
/// <param name="ExpiresOn">The last day.</param>
/// <param name="Strength">Today.</param>
/// <param name="Staff">The clerk; null: the store's own.</param>
public sealed record Binding(string Store, DateTimeOffset BoundAt, DateOnly LockUntil, DateOnly ExpiresOn, int Strength, string? Staff = null);

/// <summary>A member and whom they belong to.</summary>
/// <param name="Id">Who they are after all merges.</param>
/// <param name="Declined">They want to belong to nobody.</param>
/// <param name="Binding">Null where they belong to nobody today.</param>
public sealed record Member([property: System.Text.Json.Serialization.JsonPropertyName("member")] string Id, bool Declined, Binding? Binding = null);

/// <summary>Something that was posted, once and in order.</summary>
/// <param name="Seq">Its number, rising.</param>
/// <param name="Type">Such as <c>credit.posted</c>.</param>
/// <param name="Cursor">To read on after the part of the feed that it came in: keep it when all of that part is done.</param>
/// <param name="Data">All its fields.</param>
public sealed record PostedEvent(long Seq, string Type, string Cursor, JsonElement Data);
