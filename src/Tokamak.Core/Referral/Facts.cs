using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>Something that happened, immutable (R1). Ordered by time, then kind of fact, then id.</summary>
/// <param name="Id">Unique in the input.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="SourceLine">1-based line of the file it came from, 0 if from none; not part of what happened.</param>
public abstract record Fact(FactId Id, Instant At, int SourceLine)
{
    /// <summary>Place among facts of the same instant (R1).</summary>
    public abstract FactOrder Order { get; }
}

/// <summary>Type order of R1. A void counts last: it may name any fact of its own instant.</summary>
public enum FactOrder : byte { Staff, Merge, Service, Sale, Handover, Cancel, Refund, Return, Void }

public enum StaffEvent : byte { Joined, Moved, Left }

public enum Channel : byte { Store, Online }

public enum Fulfil : byte { Taken, Pickup, Ship }

/// <summary>A clerk joined, moved (or changed grade) or left.</summary>
public sealed record StaffFact(
    FactId Id, Instant At, int SourceLine, StaffId Staff, StaffEvent Event, StoreId? Store, string? Grade, string? Code, MemberId? Member)
    : Fact(Id, At, SourceLine)
{
    public override FactOrder Order => FactOrder.Staff;
}

/// <summary>Two member ids are one person; from then on <paramref name="From"/> means <paramref name="Into"/>.</summary>
public sealed record MergeFact(FactId Id, Instant At, int SourceLine, MemberId From, MemberId Into) : Fact(Id, At, SourceLine)
{
    public override FactOrder Order => FactOrder.Merge;
}

/// <summary>A service to a member, by staff or by the store itself.</summary>
public sealed record ServiceFact(
    FactId Id, Instant At, int SourceLine, MemberId Member, string Kind, StoreId Store, StaffId? Staff) : Fact(Id, At, SourceLine)
{
    public override FactOrder Order => FactOrder.Service;
}

/// <summary>A sale. <see cref="Store"/> is there exactly for channel store.</summary>
public sealed record SaleFact(
    FactId Id, Instant At, int SourceLine, Channel Channel, StoreId? Store, MemberId? Member, StaffId? Staff, string? Code, SaleLine[] Lines)
    : Fact(Id, At, SourceLine)
{
    public override FactOrder Order => FactOrder.Sale;

    /// <summary>By rising line number, so that a fact about one of very many lines finds it by halving.</summary>
    public SaleLine[] Lines { get; } = Rising(Lines);

    private static SaleLine[] Rising(SaleLine[] lines)
    {
        for (var i = 1; i < lines.Length; i++)
            if (lines[i - 1].Line > lines[i].Line) return [.. lines.OrderBy(l => l.Line)];
        return lines;
    }
}

/// <summary>A line of a sale. Net in the smallest traded unit, after discounts and points, without shipping, 0 to 10^15.</summary>
public readonly record struct SaleLine(long Line, string Category, int Quantity, long Net, Fulfil Fulfil, StaffId? Staff);

/// <summary>A fact about an earlier sale.</summary>
public abstract record SaleChangeFact(FactId Id, Instant At, int SourceLine, FactId Sale, LineChange[] Lines) : Fact(Id, At, SourceLine);

/// <summary>Of one line: units (0 for a refund) and money (only refunds, and returns that name an amount).</summary>
public readonly record struct LineChange(long Line, int Quantity, long? Amount);

/// <summary>Units handed over: at a store's counter, or by courier where no store is named.</summary>
public sealed record HandoverFact(FactId Id, Instant At, int SourceLine, FactId Sale, StoreId? Store, StaffId? Staff, LineChange[] Lines)
    : SaleChangeFact(Id, At, SourceLine, Sale, Lines)
{
    public override FactOrder Order => FactOrder.Handover;
}

/// <summary>Units that will not be handed over.</summary>
public sealed record CancelFact(FactId Id, Instant At, int SourceLine, FactId Sale, LineChange[] Lines) : SaleChangeFact(Id, At, SourceLine, Sale, Lines)
{
    public override FactOrder Order => FactOrder.Cancel;
}

/// <summary>Money given back while the goods are kept.</summary>
public sealed record RefundFact(FactId Id, Instant At, int SourceLine, FactId Sale, LineChange[] Lines) : SaleChangeFact(Id, At, SourceLine, Sale, Lines)
{
    public override FactOrder Order => FactOrder.Refund;
}

/// <summary>Handed-over units given back, for the amount named or for their part of what remains.</summary>
public sealed record ReturnFact(FactId Id, Instant At, int SourceLine, FactId Sale, LineChange[] Lines) : SaleChangeFact(Id, At, SourceLine, Sale, Lines)
{
    public override FactOrder Order => FactOrder.Return;
}

/// <summary>The fact <paramref name="Voided"/> never happened.</summary>
public sealed record VoidFact(FactId Id, Instant At, int SourceLine, FactId Voided) : Fact(Id, At, SourceLine)
{
    public override FactOrder Order => FactOrder.Void;
}
