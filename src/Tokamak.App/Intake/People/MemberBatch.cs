using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Intake.People;

/// <summary>What became of members who came in; each row is one of these.</summary>
internal sealed class MemberCounts
{
    public long New { get; set; }

    /// <summary>Known by their id, and more is known now.</summary>
    public long Completed { get; set; }

    /// <summary>Without an id, and found by what another system calls them.</summary>
    public long KnownByKey { get; set; }

    public long Unchanged { get; set; }

    public long Owners { get; set; }
}

/// <summary>
/// Brings a batch of members in, in their order. Nobody becomes another by an import: who shares a key with somebody is a
/// suggestion for people to decide, and who claims another's proved key is refused. What is known is completed, not overwritten.
/// </summary>
internal sealed class MemberBatch(Turn turn, OwnerFacts? owners, MemberCounts counts, Action<RowPlace, string, string> refuse, Action<RowPlace, string, string> leaveOut, Instant now)
{
    private readonly Dictionary<string, PersonRow> _newPeople = new(StringComparer.Ordinal), _people = new(StringComparer.Ordinal);
    private readonly Dictionary<(short, string, string), MemberKeyRow> _newKeys = [], _keys = [];
    private readonly Dictionary<(string, string, long), ConsentRow> _newConsents = [], _consents = [];
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
    private KnownMembers _known = null!;

    public async Task RunAsync(IReadOnlyList<IncomingMember> batch, CancellationToken stop)
    {
        _known = await KnownMembers.LoadAsync(turn, batch, stop);
        List<(IncomingMember Member, string Id)> owned = [];
        foreach (var member in batch)
        {
            var byKey = member.Id is null ? _known.HolderOf(KnownMembers.TheirId(member)) : null;
            var id = member.Id ?? byKey ?? MemberIds.Fresh().Value;
            if (RefusalOf(member, id) is { } refusal)
            {
                refuse(member.Place, "", refusal);
                continue;
            }
            Count(TakePerson(member, id) | TakeKeys(member, id) | TakeConsents(member, id), id, byKey is not null);
            if (member.Owner is not null) owned.Add((member, id));
        }
        await turn.InsertAsync(_newPeople.Values, stop);
        await turn.UpsertAsync(_people.Values, stop);
        await turn.InsertAsync(_newKeys.Values, stop);
        await turn.UpsertAsync(_keys.Values, stop);
        await turn.InsertAsync(_newConsents.Values, stop);
        await turn.UpsertAsync(_consents.Values, stop);
        if (owners is not null) counts.Owners += await owners.PostAsync(turn, owned, leaveOut, stop);
    }

    private string? RefusalOf(IncomingMember member, string id)
    {
        if (_known.MayNotComeBack.Contains(id)) return $"the member '{id}' was erased and does not come back with an import";
        var root = _known.RootOf(id);
        foreach (var claim in member.Keys)
            if (claim.IsVerified && _known.HolderOf(claim.Key) is { } holder && _known.RootOf(holder) != root)
                return $"its proved {Word(claim.Key.Kind)} is the proved one of '{holder}' already; merge the two if they are one person, or leave 'proved' away";
        return null;
    }

    private static string Word(KeyKind kind) => kind switch { KeyKind.Phone => "phone number", KeyKind.Email => "e-mail address", KeyKind.Line => "LINE user id", KeyKind.Card => "card", _ => "id of another system" };

    private bool TakePerson(IncomingMember member, string id)
    {
        if (!_known.People.TryGetValue(id, out var before))
        {
            _newPeople[id] = _known.People[id] = new PersonRow
            {
                Member = id, JoinedAtTicks = (member.Joined ?? now).Ticks, Channel = member.Channel ?? MemberChannel.Import, Store = member.Store, Staff = member.Staff,
                Name = member.Name, Birthday = member.Birthday, Language = member.Language,
            };
            return true;
        }
        var after = before with
        {
            Store = before.Store ?? member.Store, Staff = before.Staff ?? member.Staff, Name = before.Name ?? member.Name,
            Birthday = before.Birthday ?? member.Birthday, Language = before.Language ?? member.Language,
        };
        if (after == before) return false;
        _known.People[id] = after;
        (_newPeople.ContainsKey(id) ? _newPeople : _people)[id] = after;
        return true;
    }

    private bool TakeKeys(IncomingMember member, string id)
    {
        var isChanged = false;
        foreach (var claim in member.Keys)
        {
            var row = _known.KeyOf(id, claim.Key) is not { } has
                ? new MemberKeyRow { Kind = (short)claim.Key.Kind, Value = claim.Key.Value, Member = id, AddedAtTicks = now.Ticks, ProvedAtTicks = claim.IsVerified ? now.Ticks : null }
                : claim.IsVerified && has.ProvedAtTicks is null ? has with { ProvedAtTicks = now.Ticks } : null;
            if (row is null) continue;
            var place = (row.Kind, row.Value, row.Member);
            (_known.KeyOf(id, claim.Key) is null || _newKeys.ContainsKey(place) ? _newKeys : _keys)[place] = row;
            _known.Add(row);
            isChanged = true;
        }
        return isChanged;
    }

    /// <summary>Of two words in one moment about one purpose the refusal counts, as everywhere.</summary>
    private bool TakeConsents(IncomingMember member, string id)
    {
        var isChanged = false;
        foreach (var said in member.Consents)
        {
            var place = (id, said.Purpose, said.At.Ticks);
            var isThere = _known.Consents.TryGetValue(place, out var before);
            if (isThere && (!before!.Given || said.Given)) continue;
            var row = new ConsentRow { Member = id, Purpose = said.Purpose, AtTicks = said.At.Ticks, Given = said.Given, Wording = said.Wording, Channel = MemberChannel.Import };
            (isThere && !_newConsents.ContainsKey(place) ? _consents : _newConsents)[place] = _known.Consents[place] = row;
            isChanged = true;
        }
        return isChanged;
    }

    private void Count(bool isChanged, string id, bool byKey)
    {
        if (_newPeople.ContainsKey(id) && _counted.Add(id)) counts.New++;
        else if (byKey) counts.KnownByKey++;
        else if (isChanged) counts.Completed++;
        else counts.Unchanged++;
    }
}
