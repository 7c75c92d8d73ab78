using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake.People;

/// <summary>
/// Whose member somebody is follows from facts, never from a column: that the file says so is a service of a kind of its own, which
/// binds as the policy says of that kind, and not at all if it does not list it.
/// </summary>
internal sealed class OwnerFacts(Policy policy, Roster roster, DateOnly today)
{
    /// <exception cref="WrongBooksException">There is no policy.</exception>
    public static async Task<OwnerFacts> LoadAsync(Turn turn, DateOnly? today, Instant now, CancellationToken stop)
    {
        var rules = await BookRules.LoadAsync(turn, stop);
        return new OwnerFacts(rules.Policy, rules.Roster, today ?? rules.Policy.Zone.DayOf(now));
    }

    /// <summary>Kinds that no version of the policy lists: services of them bind nobody.</summary>
    public IReadOnlyList<string> UnlistedOf(IEnumerable<string> kinds) =>
        [.. kinds.Distinct().Where(kind => !policy.Versions.Any(version => version.Services.Any(service => service.Kind == kind)))];

    /// <returns>How many facts are new.</returns>
    public async Task<int> PostAsync(Turn turn, IReadOnlyList<(IncomingMember Member, string Id)> owned, Action<RowPlace, string, string> leaveOut, CancellationToken stop)
    {
        var facts = new Dictionary<string, ServiceFact>(StringComparer.Ordinal);
        var rows = owned.Select(one => (one.Member.Place, Fact: FactOf(one.Id, one.Member.Owner!))).ToList();
        var ids = rows.Select(row => row.Fact.Id.Value).Distinct().ToList();
        await using var books = turn.Books();
        var stored = await books.Facts.Where(fact => ids.Contains(fact.Id)).ToDictionaryAsync(fact => fact.Id, fact => fact.Body, StringComparer.Ordinal, stop);
        foreach (var (place, fact) in rows)
        {
            if (WrongWith(fact, stored, facts) is { } wrong) leaveOut(place, "", $"owner: {wrong}");
            else if (!stored.ContainsKey(fact.Id.Value)) facts[fact.Id.Value] = fact;
        }
        if (facts.Count == 0) return 0;
        var (posted, faults) = await PostFacts.PostAsync(turn, facts.Values, today, null, stop);
        return posted?.New ?? throw new WrongInputException(faults);
    }

    private string? WrongWith(ServiceFact fact, Dictionary<string, string> stored, Dictionary<string, ServiceFact> facts)
    {
        if (!FactForm.IsId(fact.Id.Value)) return "the member's id is too long for the id of a fact made of it";
        if (fact.Staff is { } staff && roster.Find(staff) is null) return $"no staff fact names the staff member '{staff}'; bring the roster in first";
        return (stored.TryGetValue(fact.Id.Value, out var body) && body != StoredForms.BodyOf(fact)) || (facts.TryGetValue(fact.Id.Value, out var before) && before != fact)
            ? $"the member has another owner of the same day; facts never change: void '{fact.Id}', or give the new owner another day" : null;
    }

    /// <summary>The same owner since the same day is the same fact, however often the file comes.</summary>
    private ServiceFact FactOf(string member, IncomingOwner owner) => new(
        new FactId($"{owner.Kind}-{member}-{policy.Zone.DayOf(owner.At).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}"), owner.At, 0,
        new MemberId(member), owner.Kind, owner.Store, owner.Staff);
}
