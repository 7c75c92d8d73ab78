using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake.People;

/// <summary>
/// Makes what a row says of a member. Who has no readable id is refused; any other value that cannot be read is left out and
/// listed among the rejects, since a lost phone number must not lose the member, unless the mapping is strict.
/// </summary>
internal sealed class MemberBuilder
{
    private sealed record Field<T>(Func<RuleRow, T> Of, string Place);

    private sealed record KeyFields(KeyRule Rule, Field<string> Value, Field<string>? Proved, Field<string>? Region);

    private sealed record ConsentFields(ConsentRule Rule, Field<string> Given, Field<string> Wording, Field<Instant?> At);

    private sealed record OwnerFields(OwnerRule Rule, Field<string> Store, Field<string>? Staff, Field<Instant?> At);

    private static readonly DateOnly EarliestBirthday = new(1900, 1, 1);

    private readonly Dictionary<string, Field<string>> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Field<Instant?>> _moments = new(StringComparer.Ordinal);
    private readonly List<KeyFields> _keys;
    private readonly List<ConsentFields> _consents;
    private readonly OwnerFields? _owner;
    private readonly MemberMapping _mapping;
    private readonly MemberRule _rule;
    private readonly Instant _latest;
    private readonly string _region;
    private readonly Action<RowPlace, string, string> _leaveOut;

    /// <param name="mapping">Whose rule it is.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="compiler">Of the rule.</param>
    /// <param name="region">The country of phone numbers that do not say theirs.</param>
    /// <param name="latest">Nothing has happened after it.</param>
    /// <param name="leaveOut">Hears of each value that is left out: where, which column, why.</param>
    public MemberBuilder(MemberMapping mapping, MemberRule rule, ExpressionCompiler compiler, string region, Instant latest, Action<RowPlace, string, string> leaveOut)
    {
        (_mapping, _rule, _region, _latest, _leaveOut) = (mapping, rule, region, latest, leaveOut);
        if (rule.Id is { } id) _texts.Add("id", new(compiler.Id(id, "id", ofPerson: true), ExpressionCompiler.PlaceOf(id)));
        foreach (var field in MemberShape.Fields)
        {
            if (!rule.Fields.TryGetValue(field.Name, out var expression)) continue;
            if (field.Kind == FieldKind.Moment) _moments.Add(field.Name, Moment(expression));
            else if (field.Kind == FieldKind.Id) _texts.Add(field.Name, Id(expression, field.Name));
            else _texts.Add(field.Name, Text(expression));
        }
        _keys = [.. rule.Keys.Select(key => new KeyFields(key, Text(key.Value), key.Proved is { } proved ? Text(proved) : null, key.Region is { } own ? Text(own) : null))];
        _consents = [.. rule.Consents.Select(consent => new ConsentFields(consent, Text(consent.Given), Text(consent.Wording), Moment(consent.At)))];
        if (rule.Owner is { } owner) _owner = new OwnerFields(owner, Id(owner.Store, "store"), owner.Staff is { } staff ? Id(staff, "staff") : null, Moment(owner.At));

        Field<string> Text(Expression expression) => new(compiler.Text(expression), ExpressionCompiler.PlaceOf(expression));
        Field<string> Id(Expression expression, string name) => new(compiler.Id(expression, name, ofPerson: false), ExpressionCompiler.PlaceOf(expression));
        Field<Instant?> Moment(Expression expression) => new(compiler.Moment((MomentValue)expression), ExpressionCompiler.PlaceOf(expression));
    }

    /// <returns>Null: the row is refused, and says why.</returns>
    public IncomingMember? Read(RuleRow row, RowPlace place)
    {
        var id = _rule.Id is null ? null : _texts["id"].Of(row);
        if (id?.Length == 0) row.Refuse(_texts["id"].Place, "id is empty, and a member needs one");
        if (row.IsRefused) return null;
        var member = new IncomingMember(
            place, id,
            Perhaps(row, place, "name", (text, field) => MemberText.IsName(text) ? text : Refused(row, field.Place, $"is no name of 1 to {MemberText.MostLettersOfName} letters on one line")),
            Birthday(row, place), Perhaps(row, place, "language", (text, field) => Word(row, field, text, FieldKind.Language) >= 0 ? text : null),
            _moments.TryGetValue("joined", out var joined) ? Optional(row, place, () => Past(row, joined)) : null,
            Perhaps(row, place, "store", (text, _) => text), Perhaps(row, place, "staff", (text, _) => text),
            _texts.ContainsKey("channel") && Perhaps(row, place, "channel", (text, field) => Word(row, field, text, FieldKind.JoinedBy) >= 0 ? text : null) is { } channel
                ? (MemberChannel)Array.IndexOf(FieldWords.Of(FieldKind.JoinedBy), channel) : null,
            KeysOf(row, place), [.. _consents.Select(consent => Optional(row, place, () => ConsentOf(row, consent))).OfType<IncomingConsent>()],
            _owner is null ? null : Optional(row, place, () => OwnerOf(row, _owner)));
        if (id is null && !row.IsRefused && !member.Keys.Any(key => key.Key.Kind == KeyKind.Foreign && key.IsVerified))
            row.Refuse(_keys.First(key => MemberMappingReader.IsTheirId(key.Rule)).Value.Place, "is empty or cannot be read, and says who the member is");
        return row.IsRefused ? null : member;
    }

    /// <summary>A value that a member can be without: one that cannot be read is left out, unless the mapping is strict.</summary>
    private T? Optional<T>(RuleRow row, RowPlace place, Func<T?> read)
    {
        if (row.IsRefused) return default;
        var value = read();
        if (!row.IsRefused) return value;
        if (_mapping.IsStrict) return default;
        var (column, reason) = row.Forgive();
        _leaveOut(place, column, reason);
        return default;
    }

    private string? Perhaps(RuleRow row, RowPlace place, string name, Func<string, Field<string>, string?> judge) =>
        !_texts.TryGetValue(name, out var field) ? null
            : Optional(row, place, () => field.Of(row) is { Length: > 0 } text && !row.IsRefused ? judge(text, field) : null);

    private DateOnly? Birthday(RuleRow row, RowPlace place)
    {
        if (!_moments.TryGetValue("birthday", out var field)) return null;
        return Optional<DateOnly?>(row, place, () =>
        {
            if (field.Of(row) is not { } at || row.IsRefused) return null;
            var day = ((MomentValue)_rule.Fields["birthday"]).Zone.DayOf(at);
            if (day >= EarliestBirthday && at <= _latest) return day;
            row.Refuse(field.Place, "is no birthday of anybody who lives");
            return null;
        });
    }

    private List<ClaimedKey> KeysOf(RuleRow row, RowPlace place)
    {
        List<ClaimedKey> claims = [];
        foreach (var key in _keys)
            if (Optional(row, place, () => KeyOf(row, key)) is { } claim && !claims.Exists(same => same.Key == claim.Key && same.IsVerified))
            {
                claims.RemoveAll(same => same.Key == claim.Key);
                claims.Add(claim);
            }
        return claims;
    }

    private ClaimedKey? KeyOf(RuleRow row, KeyFields fields)
    {
        var text = fields.Value.Of(row);
        if (row.IsRefused || text.Length == 0) return null;
        var region = fields.Region?.Of(row) is { Length: > 0 } own ? own : _region;
        if (row.IsRefused) return null;
        if (fields.Rule.Kind == KeyKind.Phone && !NumberingFile.Plans.Knows(region)) row.Refuse(fields.Region!.Place, $"'{region}' is no country; write its two capital letters, with a map if need be");
        else if (!MemberKey.TryRead(fields.Rule.Kind, fields.Rule.System is { } system ? $"{system}:{text}" : text, NumberingFile.Plans, region, out var key))
            row.Refuse(fields.Value.Place, $"'{text}' is no {What(fields.Rule.Kind)}");
        else
        {
            var proved = fields.Proved?.Of(row) ?? "";
            if (!row.IsRefused && proved.Length > 0 && Word(row, fields.Proved!, proved, FieldKind.YesNo) < 0) return null;
            return row.IsRefused ? null : new ClaimedKey(key, proved == "yes");
        }
        return null;
    }

    private static string What(KeyKind kind) => kind switch
    {
        KeyKind.Phone => "phone number of a person",
        KeyKind.Email => "e-mail address",
        KeyKind.Line => "user id of LINE",
        KeyKind.Card => "number of a card",
        _ => "id of another system",
    };

    private IncomingConsent? ConsentOf(RuleRow row, ConsentFields fields)
    {
        var given = fields.Given.Of(row);
        if (row.IsRefused || given.Length == 0) return null;
        if (Word(row, fields.Given, given, FieldKind.YesNo) < 0) return null;
        var wording = fields.Wording.Of(row);
        if (row.IsRefused) return null;
        if (!MemberText.IsWord(wording, MemberText.MostLettersOfWording)) row.Refuse(fields.Wording.Place, $"is no version of a wording: 1 to {MemberText.MostLettersOfWording} letters, digits, '-', '_' or '.'");
        var at = Past(row, fields.At);
        if (at is null && !row.IsRefused) row.Refuse(fields.At.Place, "is empty, and a consent needs the time at which it was said");
        return row.IsRefused ? null : new IncomingConsent(fields.Rule.Purpose, given == "yes", wording, at!.Value);
    }

    private IncomingOwner? OwnerOf(RuleRow row, OwnerFields fields)
    {
        var store = fields.Store.Of(row);
        if (row.IsRefused || store.Length == 0) return null;
        if (store == StoreId.Online.Value) row.Refuse(fields.Store.Place, "no store may be called 'online'; give the store another name");
        var staff = row.IsRefused ? "" : fields.Staff?.Of(row) ?? "";
        var at = Past(row, fields.At);
        if (at is null && !row.IsRefused) row.Refuse(fields.At.Place, "is empty, and an owner needs the day from which on the member is theirs");
        return row.IsRefused ? null : new IncomingOwner(fields.Rule.Kind, new StoreId(store), staff.Length == 0 ? null : new StaffId(staff), at!.Value);
    }

    private Instant? Past(RuleRow row, Field<Instant?> field)
    {
        if (row.IsRefused || field.Of(row) is not { } at || row.IsRefused) return null;
        if (at <= _latest) return at;
        row.Refuse(field.Place, "has not happened yet; mend the date or its format");
        return null;
    }

    private static int Word(RuleRow row, Field<string> field, string text, FieldKind kind)
    {
        var words = FieldWords.Of(kind);
        var place = Array.IndexOf(words, text);
        if (place < 0) row.Refuse(field.Place, $"{Rejects.Shown(text)} must be {string.Join(" or ", words)}; add a \"map\"");
        return place;
    }

    private static string? Refused(RuleRow row, string column, string reason)
    {
        row.Refuse(column, reason);
        return null;
    }
}
