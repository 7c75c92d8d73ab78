using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>A click on a clerk's link (R8), by a clerk who was employed then.</summary>
public readonly record struct LinkClick(FactId Id, Instant At, DateOnly Day, StaffTimeline Clerk);

/// <summary>What a replay knows of one member so far.</summary>
public sealed class MemberBook
{
    internal MemberBook(int number, MemberStanding? standing = null)
    {
        Number = number;
        if (standing is null) return;
        Binding = standing.Binding;
        Clicks = standing.Clicks.Count == 0 ? null : [.. standing.Clicks];
        DeclinedAs = standing.Declined ? Earlier : 0;
    }

    /// <summary>A place in the order of facts after none and before all of this replay's.</summary>
    private const int Earlier = 1;

    internal int Number { get; }
    internal MemberBook? MergedInto { get; set; }

    /// <summary>As it was when last looked at: <see cref="BindingRules.NextEmployment"/> says whether R5 has since changed it.</summary>
    public Binding? Binding { get; internal set; }

    /// <summary>Latest click on each clerk's link, rising in time; an earlier one of the same clerk can never win (R8).</summary>
    internal List<LinkClick>? Clicks { get; private set; }

    /// <summary>Place in the order of facts of the latest decline and the latest choice; 0 for none (R6).</summary>
    internal int DeclinedAs { get; set; }
    internal int ChoseAs { get; set; }

    public bool Declined => DeclinedAs > ChoseAs;

    /// <summary>All that a later fact about the member can depend on.</summary>
    public MemberStanding Standing => new(Binding, Clicks ?? [], Declined);

    internal void Click(LinkClick click)
    {
        Clicks ??= [];
        Clicks.RemoveAll(c => c.Clerk == click.Clerk);
        Clicks.Add(click);
    }

    /// <summary>R6: <paramref name="other"/> is this member from now on, with its clicks, its word and the surviving binding.</summary>
    internal void TakeOver(MemberBook other, DateOnly day, PolicyVersion? inForce)
    {
        DeclinedAs = Math.Max(DeclinedAs, other.DeclinedAs);
        ChoseAs = Math.Max(ChoseAs, other.ChoseAs);
        Binding = Declined ? null : BindingRules.Survivor(other.Binding, Binding, day, inForce);
        if (other.Clicks is not null)
        {
            var all = (Clicks ?? []).Concat(other.Clicks).OrderBy(c => c.At).ThenBy(c => c.Id).ToList();
            Clicks = null;
            foreach (var click in all) Click(click);
        }
        other.MergedInto = this;
    }
}

/// <summary>All members so far, by the numbers that a <see cref="FactLog"/> gives their ids.</summary>
internal sealed class MemberBooks
{
    private readonly MemberBook?[] _books;

    public MemberBooks(FactLog log, Opening? opening)
    {
        _books = new MemberBook?[log.MemberCount];
        if (opening is null) return;
        foreach (var (id, standing) in opening.Members)
            if (log.NumberOf(id) is var number && number != FactLog.None) _books[number] = new MemberBook(number, standing);
    }

    /// <summary>The member meant by a number now, merges so far followed (R6).</summary>
    public MemberBook Of(int number)
    {
        var book = _books[number] ??= new MemberBook(number);
        while (book.MergedInto is { } into)
        {
            if (into.MergedInto is { } further) book.MergedInto = further;
            book = into;
        }
        return book;
    }

    /// <summary>Everyone whom a fact has named, merged members once.</summary>
    public IEnumerable<MemberBook> All => _books.OfType<MemberBook>().Where(b => b.MergedInto is null);
}
