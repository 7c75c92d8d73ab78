using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

/// <summary>An offer as somebody writes it (Sql/*/brand/0017-offers.sql says what each means).</summary>
[Table("offer_draft"), PrimaryKey(nameof(OfferDraftRow.Offer))]
public sealed record OfferDraftRow
{
    public required string Offer { get; init; }
    public required string Body { get; init; }
    public required int Revision { get; init; }
    public required string MadeBy { get; init; }
    public required long MadeAtTicks { get; init; }
    public required string ChangedBy { get; init; }
    public required long ChangedAtTicks { get; init; }
    public string? AskedBy { get; init; }
    public long? AskedAtTicks { get; init; }
    public string? AskedSha256 { get; init; }
}

/// <summary>One edition of the brand's offers: what it made of one of them.</summary>
[Table("offer_version"), PrimaryKey(nameof(OfferVersionRow.Edition))]
public sealed record OfferVersionRow
{
    public required long Edition { get; init; }

    /// <summary><see cref="Terms"/> stands for what all offers share.</summary>
    public required string Offer { get; init; }

    /// <summary>Null: it was ended.</summary>
    public string? Body { get; init; }

    public required string AskedBy { get; init; }
    public required string ApprovedBy { get; init; }
    public required long AtTicks { get; init; }

    public const string Terms = "";
}

/// <summary>A quote that is held for a sale.</summary>
[Table("quote"), PrimaryKey(nameof(QuoteRow.Id))]
public sealed record QuoteRow
{
    public required string Id { get; init; }
    public required string Cart { get; init; }
    public required string Result { get; init; }
    public required long Edition { get; init; }
    public required string Engine { get; init; }
    public string? Coupons { get; init; }
    public required long HeldAtTicks { get; init; }
    public required long UntilTicks { get; init; }
    public string? Sale { get; init; }
}

/// <summary>Uses of a limited offer that a quote holds.</summary>
[Table("offer_hold"), PrimaryKey(nameof(OfferHoldRow.Quote), nameof(OfferHoldRow.Offer))]
public sealed record OfferHoldRow
{
    public required string Quote { get; init; }
    public required string Offer { get; init; }

    /// <summary>Empty without one.</summary>
    public required string Member { get; init; }

    public required long Times { get; init; }
    public long? PerMember { get; init; }
    public long? Total { get; init; }
    public required long UntilTicks { get; init; }
}

/// <summary>Uses of a limited offer that became sales.</summary>
[Table("offer_count"), PrimaryKey(nameof(OfferCountRow.Offer), nameof(OfferCountRow.Member))]
public sealed record OfferCountRow
{
    public required string Offer { get; init; }

    /// <summary>Empty: of all together.</summary>
    public required string Member { get; init; }

    public required long Used { get; init; }
}

/// <summary>An offer that is meant to make prices differ.</summary>
[Table("parity_mark"), PrimaryKey(nameof(ParityMarkRow.Offer))]
public sealed record ParityMarkRow
{
    public required string Offer { get; init; }

    /// <summary>Exclusive.</summary>
    public required long UntilTicks { get; init; }

    public required string MarkedBy { get; init; }
    public required long AtTicks { get; init; }
}
