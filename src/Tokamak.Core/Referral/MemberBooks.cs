using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>A click on a clerk's link (R8), by a clerk who was employed then.</summary>
public readonly record struct LinkClick(FactId Id, Instant At, DateOnly Day, StaffTimeline Clerk);

/// <summary>What a replay knows of one member so far.</summary>
public sealed class MemberBook(int number)
{
    internal int Number { get; } = number;
    internal MemberBook? MergedInto { get; set; }

    /// <summary>As it was when last looked at: <see cref="BindingRules.NextEmployment"/> says whether R5 has since changed it.</summary>
    public Binding? Binding { get; internal set; }

    /// <summary>Latest click on each clerk's link, rising in time; an earlier one of the same clerk can never win (R8).</summary>
    internal List<LinkClick>? Clicks { get; private set; }

    /// <summary>Place in the order of facts of the latest decline and the latest choice; 0 for none (R6).</summary>
    internal int DeclinedAs { get; set; }
    internal int ChoseAs { get; set; }

    public bool Declined => DeclinedAs > ChoseAs;

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
internal sealed class MemberBooks(int count)
{
    private readonly MemberBook?[] _books = new MemberBook?[count];

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
