using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>
/// Watches the values that a mapping takes as an id as they stand. Where more than a stray one looks like a phone number
/// or an e-mail address the whole mapping is refused, with the keyed form to write instead; a stray one rejects its row.
/// </summary>
internal sealed class PersonalUse(string path, string column, bool ofPerson)
{
    private const int StrayOneIn = 100;
    private long _values, _phones, _emails;

    /// <summary>Looks at a value; the kind of person's data it seems to be, or null.</summary>
    public PersonalKind? Look(string value)
    {
        _values++;
        var kind = PersonalValue.OfText(value, ofPerson);
        if (kind == PersonalKind.Phone) _phones++;
        if (kind == PersonalKind.Email) _emails++;
        return kind;
    }

    /// <summary>Refusal by what the values turned out to be.</summary>
    public Fault? Refusal()
    {
        var personal = _phones + _emails;
        if (personal == 0 || personal * StrayOneIn <= _values) return null;
        return Refusal(path, column, _emails >= _phones ? PersonalKind.Email : PersonalKind.Phone, $"{personal:N0} of its {_values:N0} values look like it");
    }

    public static Fault Refusal(string path, string column, PersonalKind kind, string because)
    {
        var field = path[(path.LastIndexOf('.') + 1)..];
        var (what, word) = kind == PersonalKind.Email ? ("e-mail addresses", "email") : ("phone numbers", "phone");
        return new Fault(
            $"the column \"{column}\" holds {what} ({because}), and ids must be opaque. Write a keyed id instead: "
            + $"\"{field}\": {{ \"keyed\": {{ \"column\": \"{column}\", \"as\": \"{word}\" }} }} and give a secret key with --key-file or {KeyedIds.KeyVariable} "
            + "(numbers of another kind that only look so: \"as\": \"text\")",
            Path: path);
    }
}
