namespace Tokamak.Core.Members;

/// <summary>Opaque id of a member; never a phone number or e-mail.</summary>
public readonly record struct MemberId(string Value) : IComparable<MemberId>
{
    public int CompareTo(MemberId other) => string.CompareOrdinal(Value, other.Value);
    public override string ToString() => Value;
}
