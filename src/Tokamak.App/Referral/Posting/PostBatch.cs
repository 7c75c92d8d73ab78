using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Posts stored facts that come next in the order of R1. A fact that comes after all that its member's standing has seen
/// is decided from that standing, at the same cost whatever the history; one that comes late makes its member wait to be
/// derived anew (<see cref="RederiveMembers"/>). Facts about a sale derive that sale anew from its own facts.
/// </summary>
internal sealed class PostBatch(Turn turn, BookRules rules, Reached reached)
{
    /// <summary>Whether anybody waits to be derived anew because of the batch.</summary>
    public bool Queues { get; private set; }

    /// <param name="batch">Facts that have just been stored, in order.</param>
    /// <param name="due">Sales of which lines vest.</param>
    /// <param name="facts">How many facts have arrived with these.</param>
    /// <param name="horizon">The last day whose vesting is posted with this batch.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FactsRefusedException">A fact cannot be (R1); the turn is to be given up.</exception>
    public async Task<BookRules> RunAsync(IReadOnlyList<StoredFact> batch, IReadOnlyCollection<string> due, long facts, DateOnly? horizon, CancellationToken stop)
    {
        // R15: what a person's sales earn on a day is decided of all of them that are due.
        if (rules.Vesting && horizon is { } day) due = [.. due, .. await VestSales.DueOfAsync(turn, [.. batch.SelectMany(MembersOf).Distinct()], day, stop)];
        var fresh = batch.Where(stored => stored.Fact is SaleFact).Select(stored => stored.Fact.Id.Value).ToHashSet();
        var touched = batch.Select(stored => stored.Sale).OfType<string>().Where(sale => !fresh.Contains(sale)).Concat(due).Distinct().ToList();
        var sales = await StoredSales.LoadAsync(turn, touched, reached, stop);
        var batched = batch.Select(stored => stored.Seq).ToHashSet();
        var known = sales.Facts.Where(stored => !batched.Contains(stored.Seq)).ToList();

        var members = batch.Concat(known).SelectMany(MembersOf).Distinct().ToList();
        var components = await Components.LoadAsync(turn, members, touched, stop);
        var decisions = await DecisionsAsync([.. components.Groups.Where(group => !group.Waits).SelectMany(group => group.Ids)], stop);
        var causes = Sort(batch, components, EarnedBySales(decisions, components));

        var opening = await OpeningAsync(known, batch, sales, components, decisions, stop);
        var facted = known.Concat(batch.Where(stored => IsRun(stored, components))).Concat(opening.Merges).ToList();
        List<RefusedFact> refused = [.. batch.Where(stored => !IsRun(stored, components)).SelectMany(UnknownStaff)];
        var outcome = Outcome.Of(facted, rules, horizon, opening.Opening, refused);
        if (refused.Count > 0) throw new FactsRefusedException(refused);

        var writer = new BookWriter(turn, rules);
        SavePostings(batch, outcome, sales, components, writer);
        SaveMembers(batch, outcome, components, writer);
        SaveBounties(outcome, opening.Opening, writer);
        await writer.WriteAsync(facts, horizon, stop);
        Queues = causes.Count > 0;
        await WorkQueue.AddAsync(turn, causes, stop);
        return rules with { Facts = facts, Postings = writer.Postings, Horizon = horizon };
    }

    private static IEnumerable<string> MembersOf(StoredFact stored) =>
        stored.Fact is MergeFact merge ? [merge.From.Value, merge.Into.Value] : stored.Member is { } member ? [member] : [];

    /// <summary>Bounties that members may still earn, or have had their first of, each with its service.</summary>
    private async Task<List<(BountyDecisionRow Row, string Service)>> DecisionsAsync(List<string> members, CancellationToken stop)
    {
        if (members.Count == 0 || rules.Policy.Versions.All(version => version.Bounties.Count == 0)) return [];
        await using var books = turn.Books();
        var found = await books.BountyDecisions
            .Where(row => members.Contains(row.Member) && (row.Verdict == (short)BountyVerdict.Earned || row.Verdict == (short)BountyVerdict.AwaitsPurchase))
            .Join(books.Facts, row => row.Fact, fact => fact.Id, (row, fact) => new { row, fact.Body }).ToListAsync(stop);
        return found.ConvertAll(decision => (decision.row, decision.Body));
    }

    /// <summary>R15: the last day on which each person's sales have earned a bounty.</summary>
    private static Dictionary<MemberGroup, DateOnly> EarnedBySales(List<(BountyDecisionRow Row, string Service)> decisions, Components components) =>
        decisions.Where(decision => decision.Row is { Sale: not null, EarnedOn: not null }).GroupBy(decision => components.Of(decision.Row.Member))
            .ToDictionary(group => group.Key, group => group.Max(decision => decision.Row.EarnedOn!.Value));

    private static bool IsOfMembersSale(StoredFact stored) => stored is { Member: not null, Fact: SaleFact or SaleChangeFact };

    /// <summary>
    /// Tells facts that can be decided from where their members stand from those that cannot: late ones, and such as bear on a bounty
    /// that was earned. Returns who is to wait, and because of what.
    /// </summary>
    private List<WorkRow> Sort(IReadOnlyList<StoredFact> batch, Components components, Dictionary<MemberGroup, DateOnly> earned)
    {
        var causes = new Dictionary<(WorkKind, string), WorkRow>();
        foreach (var stored in batch.Where(stored => !stored.IsOfRoster))
        {
            var fact = stored.Fact;
            if (fact is MergeFact merge) components.Join(merge.From.Value, merge.Into.Value);
            else if (fact is VoidFact) components.Wait(stored.Member, stored.Sale!);
            else if (fact is ServiceFact or SaleFact { Member: not null })
            {
                var group = components.Of(stored.Member!);
                if (group.IsNext(fact)) group.Last = (fact.At.Ticks, (short)fact.Order, fact.Id.Value); else group.Waits = true;
            }
            if (IsOfMembersSale(stored) && components.Of(stored.Member!) is var buyer && earned.TryGetValue(buyer, out var day) && rules.Policy.Zone.DayOf(fact.At) <= day) buyer.Waits = true;
            if (!components.Waits(stored.Member, stored.Sale!)) continue;
            var (kind, name) = stored.Member is { } member ? (WorkKind.Member, components.Of(member).Root) : (WorkKind.Sale, stored.Sale!);
            causes.TryAdd((kind, name), new WorkRow { Kind = kind, Name = name, Cause = fact.Id.Value });
        }
        return [.. causes.Values];
    }

    /// <summary>
    /// Facts about sales are always run, to see that they can be (R1); what they give is kept unless the sale waits. A
    /// service of a member who waits is left to their derivation.
    /// </summary>
    private static bool IsRun(StoredFact stored, Components components) => stored.Fact switch
    {
        StaffFact or MergeFact => false,
        ServiceFact service => !components.Of(service.Member.Value).Waits,
        VoidFact => stored.Sale is not null,
        _ => true,
    };

    private IEnumerable<RefusedFact> UnknownStaff(StoredFact stored) =>
        stored.Fact is ServiceFact { Staff: { } staff } && rules.Roster.Find(staff) is null
            ? [new RefusedFact(stored, $"no staff fact names {staff}; add when and where they joined", MayFitLater: true)]
            : [];

    private async Task<(Opening Opening, List<StoredFact> Merges)> OpeningAsync(
        List<StoredFact> known, IReadOnlyList<StoredFact> batch, StoredSales sales, Components components,
        List<(BountyDecisionRow Row, string Service)> decisions, CancellationToken stop)
    {
        var groups = components.Groups.Where(group => !group.Waits).ToList();
        var decided = new Dictionary<FactId, DecidedSale>();
        foreach (var stored in known.Concat(batch))
        {
            if (stored.Fact is not SaleFact sale) continue;
            var waits = components.Waits(stored.Member, stored.Sale!);
            if (sales.Rows.TryGetValue(sale.Id.Value, out var row) && !waits) decided[sale.Id] = StoredForms.DecidedOf(row, sale.Lines.Length, rules);
            else if (waits) decided[sale.Id] = new DecidedSale(null, 0, new Party?[sale.Lines.Length]);
        }
        await using var books = turn.Books();
        var merged = groups.Where(group => group.Ids.Count > 1).SelectMany(group => group.Ids).ToList();
        var merges = merged.Count == 0 ? []
            : (await books.Facts.Where(fact => merged.Contains(fact.Member!) && fact.Type == (short)FactOrder.Merge).ToListAsync(stop))
                .Where(reached.Counts).Select(StoredFact.Of).ToList();
        merges = [.. await WithoutVoidedAsync(books, merges, stop)];
        return (new Opening(
            groups.Where(group => group.State is not null).ToDictionary(group => new MemberId(group.Root), group => StoredForms.StandingOf(group.State!, rules)),
            decided, merges.Select(merge => merge.Fact.Id).ToHashSet(), Recall(decisions.FindAll(decision => !components.Of(decision.Row.Member).Waits))), merges);
    }

    private async Task<IEnumerable<StoredFact>> WithoutVoidedAsync(BrandContext books, List<StoredFact> merges, CancellationToken stop)
    {
        if (merges.Count == 0) return merges;
        var members = merges.Select(merge => merge.Member!).Distinct().ToList();
        var voids = await books.Facts.Where(fact => members.Contains(fact.Member!) && fact.Type == (short)FactOrder.Void && fact.Sale == null).ToListAsync(stop);
        var voided = voids.Where(reached.Counts).Select(StoredForms.FactOf).OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        return merges.Where(merge => !voided.Contains(merge.Fact.Id));
    }

    private List<BountyDecision> Recall(List<(BountyDecisionRow Row, string Service)> decisions) =>
    [
        .. decisions.Select(found => BountyDecision.Recall(
            (ServiceFact)StoredForms.FactOf(found.Service, found.Row.Fact), rules.Roster.FindPosted(new StaffId(found.Row.Staff!)),
            rules.Policy.Versions.Single(version => version.Version == found.Row.Policy).BountyOn(found.Row.Kind)!, found.Row.Day, (BountyVerdict)found.Row.Verdict)),
    ];

    private void SavePostings(IReadOnlyList<StoredFact> batch, Outcome outcome, StoredSales sales, Components components, BookWriter writer)
    {
        var changes = batch.Where(stored => stored.Sale is not null).GroupBy(stored => stored.Sale!).ToDictionary(group => group.Key, group => group.First().Fact.Id);
        var posting = new SalePosting(rules, writer);
        foreach (var sale in outcome.Replay.Sales)
            if (!components.Waits(sale.Fact.Member?.Value, sale.Fact.Id.Value))
                posting.Post(sale, outcome, sales, changes.GetValueOrDefault(sale.Fact.Id.Value, sale.Fact.Id));
    }

    private static void SaveMembers(IReadOnlyList<StoredFact> batch, Outcome outcome, Components components, BookWriter writer)
    {
        var last = new Dictionary<MemberGroup, Fact>();
        foreach (var stored in batch)
            foreach (var member in stored.Fact is SaleChangeFact ? [] : MembersOf(stored)) last[components.Of(member)] = stored.Fact;
        var standings = outcome.Replay.Members.ToDictionary(member => member.Id.Value, member => member.Book.Standing);
        foreach (var (group, fact) in last)
        {
            if (!group.Waits) writer.Stand(StoredForms.RowOf(new MemberId(group.Root), new MemberId(group.Root), fact, standings[group.Root]));
            else
                foreach (var id in group.Ids)
                    writer.Stand(StoredForms.RowOf(new MemberId(id), new MemberId(group.Root), fact, MemberStanding.None));
        }
        foreach (var (member, events) in outcome.Journal.Bindings)
            foreach (var happened in events.Where(BindingTimeline.Changes)) writer.Happened(happened, member.Value);
    }

    private void SaveBounties(Outcome outcome, Opening opening, BookWriter writer)
    {
        foreach (var row in outcome.Bounties) writer.Post(row, row.Service);
        foreach (var decision in outcome.Journal.Bounties.Concat(opening.Bounties.Where(decision => decision.EarnedOn is not null)))
            writer.Decided(decision, rules.Policy.InForceOn(decision.Day)!);
    }
}

/// <summary>Which events belong on a member's timeline: those that changed whose they are.</summary>
internal static class BindingTimeline
{
    public static bool Changes(BindingEvent happened) => happened.Verdict is
        BindingVerdict.Bound or BindingVerdict.TakenOn or BindingVerdict.TakenOver or BindingVerdict.Chosen or BindingVerdict.Declined
        or BindingVerdict.MovedAlong or BindingVerdict.LeftToStore or BindingVerdict.Released or BindingVerdict.Merged;
}

/// <summary>Facts that cannot be, with the facts there are (R1). Nothing of what came with them is kept.</summary>
internal sealed class FactsRefusedException(IReadOnlyList<RefusedFact> refused) : Exception(refused[0].Reason)
{
    public IReadOnlyList<RefusedFact> Refused { get; } = refused;
}
