namespace Tokamak.Core.Referral;

// R1: ids are 1 to 100 characters of the Basic Multilingual Plane without white space, comma, quotation mark or control
// character; comparing their UTF-16 code units therefore equals comparing their UTF-8 bytes.

/// <summary>Id of a fact, a sale's included. Unique in a brand's input.</summary>
public readonly record struct FactId(string Value) : IComparable<FactId>
{
    public int CompareTo(FactId other) => string.CompareOrdinal(Value, other.Value);
    public override string ToString() => Value;
}

/// <summary>Opaque id of a staff member (clerk).</summary>
public readonly record struct StaffId(string Value) : IComparable<StaffId>
{
    public int CompareTo(StaffId other) => string.CompareOrdinal(Value, other.Value);
    public override string ToString() => Value;
}

/// <summary>Id of a store, or <see cref="Online"/> for the web shop as host of a sale.</summary>
public readonly record struct StoreId(string Value) : IComparable<StoreId>
{
    public static readonly StoreId Online = new("online");
    public int CompareTo(StoreId other) => string.CompareOrdinal(Value, other.Value);
    public override string ToString() => Value;
}
