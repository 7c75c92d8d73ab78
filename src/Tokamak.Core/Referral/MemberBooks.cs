using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>A click on a clerk's link (R8), by a clerk who was employed then.</summary>
public readonly record struct LinkClick(FactId Id, Instant At, DateOnly Day, StaffId Staff);

/// <summary>What a replay knows of one member so far.</summary>
public sealed class MemberBook(MemberId id)
{
    internal MemberBook? MergedInto { get; set; }

    public MemberId Id { get; } = id;
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
        Clicks.RemoveAll(c => c.Staff == click.Staff);
        Clicks.Add(click);
    }

    internal void TakeClicksOf(MemberBook other)
    {
        if (other.Clicks is null) return;
        var all = (Clicks ?? []).Concat(other.Clicks).OrderBy(c => c.At).ThenBy(c => c.Id).ToList();
        Clicks = null;
        foreach (var click in all) Click(click);
    }
}

/// <summary>All members so far, by whatever id they are named, and who holds the bindings of which clerk.</summary>
internal sealed class MemberBooks
{
    private readonly Dictionary<MemberId, MemberBook> _books = [];
    private readonly Dictionary<StaffId, HashSet<MemberBook>> _boundTo = [];

    /// <summary>The member meant by an id now, merges so far followed (R6).</summary>
    public MemberBook Of(MemberId id)
    {
        ref var book = ref CollectionsMarshal.GetValueRefOrAddDefault(_books, id, out _);
        book ??= new MemberBook(id);
        return Followed(book);
    }

    /// <summary>As <see cref="Of"/>, but null for an id that no fact has named yet.</summary>
    public MemberBook? Find(MemberId id) => _books.TryGetValue(id, out var book) ? Followed(book) : null;

    public void Bind(MemberBook member, Binding? binding)
    {
        if (member.Binding?.Staff != binding?.Staff)
        {
            if (member.Binding?.Staff is { } before && _boundTo.TryGetValue(before, out var theirs)) theirs.Remove(member);
            if (binding?.Staff is { } after)
            {
                ref var members = ref CollectionsMarshal.GetValueRefOrAddDefault(_boundTo, after, out _);
                (members ??= []).Add(member);
            }
        }
        member.Binding = binding;
    }

    /// <summary>The members bound to a clerk, in the order of their ids.</summary>
    public MemberBook[] BoundTo(StaffId staff) =>
        _boundTo.TryGetValue(staff, out var members) ? [.. members.OrderBy(m => m.Id)] : [];

    /// <summary>R6: <paramref name="from"/> is <paramref name="into"/> from now on, with its clicks, word and surviving binding.</summary>
    public void Merge(MemberBook from, MemberBook into, DateOnly day, PolicyVersion? inForce)
    {
        into.DeclinedAs = Math.Max(into.DeclinedAs, from.DeclinedAs);
        into.ChoseAs = Math.Max(into.ChoseAs, from.ChoseAs);
        var survivor = into.Declined ? null : BindingRules.Survivor(from.Binding, into.Binding, day, inForce);
        Bind(from, null);
        Bind(into, survivor);
        into.TakeClicksOf(from);
        from.MergedInto = into;
    }

    private static MemberBook Followed(MemberBook book)
    {
        while (book.MergedInto is { } into)
        {
            if (into.MergedInto is { } further) book.MergedInto = further;
            book = into;
        }
        return book;
    }
}
