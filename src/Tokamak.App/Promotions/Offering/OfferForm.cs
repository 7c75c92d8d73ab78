namespace Tokamak.App.Promotions.Offering;

/// <summary>
/// An offer as it stands in the fields of its form: whatever was typed, readable or not, over the whole vocabulary (spec promotions, "Offers").
/// Lists of names are typed apart by commas or lines. Fields of a kind that is not chosen are kept while the form is filled and not written.
/// </summary>
public sealed class OfferForm
{
    public const string Price = "price", Unit = "unit", Order = "order", Reward = "reward";
    public const string Spend = "spend", Count = "count", Percent = "percent", Off = "off", Total = "total";
    public const string EachTaken = "", Cheapest = "cheapest", Last = "last", OnlineChannel = "online";

    /// <summary>Of steps; the reader takes more, a person who writes them does not.</summary>
    public const int MostRows = 30;

    /// <summary>Letters of any field.</summary>
    public const int MostLetters = 20_000;

    /// <summary>What the button says that was pressed: <c>save</c>, <c>overwrite</c>, <c>check</c>, <c>add.steps</c>, <c>drop.gifts.2</c>; none is a check.</summary>
    public string? Do { get; set; }

    /// <summary>The revision that the form was filled from, and the one that the person has been told of since.</summary>
    public int Revision { get; set; }

    /// <inheritdoc cref="Revision"/>
    public int? Seen { get; set; }

    public string? Chinese { get; set; }
    public string? English { get; set; }

    public string? From { get; set; }
    public string? Until { get; set; }
    public List<string> Weekdays { get; set => field = value ?? []; } = [];
    public string? Days { get; set; }
    public string? Hours { get; set; }

    public List<string> Channels { get; set => field = value ?? []; } = [];
    public string? Stores { get; set; }

    public string? Members { get; set; }
    public string? Tiers { get; set; }
    public string? Tags { get; set; }
    public string? Tender { get; set; }
    public string? Coupon { get; set; }
    public bool Public { get; set; }

    public string? Limit { get; set; }
    public string? PerMember { get; set; }
    public string? InAll { get; set; }

    /// <summary>Nothing, <c>spend</c> or <c>count</c>.</summary>
    public string? Needs { get; set; }

    public string? NeedsLeast { get; set; }
    public bool NeedsEach { get; set; }
    public ItemFields NeedsItems { get; set => field = value ?? new(); } = new();

    /// <summary>In the set <c>*</c>: with no other unit or order offer.</summary>
    public bool Alone { get; set; }

    public string? Sets { get; set; }
    public bool RegularOnly { get; set; }

    /// <summary><c>price</c>, <c>unit</c>, <c>order</c> or <c>reward</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>Of a price, an order and a reward offer; of a unit offer the first selector's.</summary>
    public ItemFields Items { get; set => field = value ?? new(); } = new();

    /// <summary>What a price or unit offer gives: <c>percent</c>, <c>price</c>, <c>off</c> or <c>total</c>.</summary>
    public string? Give { get; set; }

    public string? Amount { get; set; }

    public string? Take { get; set; }
    public bool Same { get; set; }
    public string? OtherTake { get; set; }
    public bool OtherSame { get; set; }
    public ItemFields OtherItems { get; set => field = value ?? new(); } = new();

    /// <summary>Which of the taken units a cut falls on: all, <c>cheapest</c> or <c>last</c>.</summary>
    public string? On { get; set; }

    public string? CheapestCount { get; set; }

    /// <summary>Of an order and a reward offer: <c>spend</c> or <c>count</c>.</summary>
    public string? Measure { get; set; }

    /// <summary>Of an order offer: <c>off</c> or <c>percent</c>.</summary>
    public string? Benefit { get; set; }

    public List<StepFields> Steps { get; set => field = value ?? []; } = [];
    public List<GiftFields> Gifts { get; set => field = value ?? []; } = [];
    public bool Every { get; set; }
    public string? MaxRepeat { get; set; }
    public bool Before { get; set; }
    public bool Untaken { get; set; }
    public bool Stacks { get; set; }

    /// <summary>Of a unit offer for each application, of an order offer in all.</summary>
    public string? MaxOff { get; set; }

    /// <summary>What a unit of the sample carts costs; no part of the offer. Empty: something usual.</summary>
    public string? SamplePrice { get; set; }

    /// <summary>A second selector is there as soon as anything of it is.</summary>
    public bool HasOther => !string.IsNullOrWhiteSpace(OtherTake) || !OtherItems.IsNone;

    /// <summary>Does what the button says about rows.</summary>
    /// <returns>Whether the button is about rows.</returns>
    public bool ChangeRows() => Do?.Split('.') switch
    {
        ["add" or "drop", "steps", .. var at] => Change(Steps, at, new StepFields()),
        ["add" or "drop", "gifts", .. var at] => Change(Gifts, at, new GiftFields()),
        _ => false,
    };

    private static bool Change<TRow>(List<TRow> rows, string[] at, TRow added)
    {
        if (at.Length == 0 && rows.Count < MostRows) rows.Add(added);
        else if (at is [var number] && int.TryParse(number, out var place) && place >= 0 && place < rows.Count) rows.RemoveAt(place);
        return true;
    }
}

/// <summary>Which articles: all, or lists of names, and what narrows them.</summary>
public sealed class ItemFields
{
    public bool All { get; set; }
    public string? Skus { get; set; }
    public string? Categories { get; set; }
    public string? Tags { get; set; }
    public string? Also { get; set; }
    public string? ExceptSkus { get; set; }
    public string? ExceptCategories { get; set; }
    public string? ExceptTags { get; set; }

    public bool IsNone => !All && new[] { Skus, Categories, Tags, Also, ExceptSkus, ExceptCategories, ExceptTags }.All(string.IsNullOrWhiteSpace);
}

/// <summary>A step of an order offer.</summary>
public sealed class StepFields
{
    public string? From { get; set; }
    public string? Gives { get; set; }
}

/// <summary>A step of a reward: at least one of what it may give.</summary>
public sealed class GiftFields
{
    public string? From { get; set; }

    /// <summary>One sku, or several to choose from.</summary>
    public string? Skus { get; set; }

    public string? Quantity { get; set; }
    public string? Coupon { get; set; }
    public string? PointsTimes { get; set; }
    public bool FreeShipping { get; set; }
    public string? ShippingOff { get; set; }
}
