namespace Tokamak.App.Referral.Drafting;

/// <summary>
/// A draft as it stands in the fields of its form: whatever was typed, readable or not. Rows are added and removed by buttons that send the
/// whole form, so that it works without scripts and nothing typed is lost.
/// </summary>
public sealed class DraftForm
{
    public const int MostRows = 30, MostLettersOfName = 60, MostLettersOfAnnouncement = 2_000;

    /// <summary>What the button says that was pressed: <c>save</c>, <c>overwrite</c>, <c>check</c>, <c>add.rates</c>, <c>drop.rates.2</c>; none is a check.</summary>
    public string? Do { get; set; }

    /// <summary>The revision that the form was filled from, and the one that the person has been told of since.</summary>
    public int Revision { get; set; }

    /// <inheritdoc cref="Revision"/>
    public int? Seen { get; set; }

    public string? Name { get; set; }
    public string? From { get; set; }
    public string? Chinese { get; set; }
    public string? English { get; set; }
    public string? Timezone { get; set; }
    public string? Currency { get; set; }

    public string? Takeover { get; set; }
    public string? StaffMoves { get; set; }
    public string? StaffLeaves { get; set; }

    // A list without rows comes from a form as null.
    public List<ServiceFields> Services { get; set => field = value ?? []; } = [];
    public List<DecayFields> Decay { get; set => field = value ?? []; } = [];
    public string? LinkDays { get; set; }
    public SplitFields Store { get; set => field = value ?? new(); } = new();
    public SplitFields Online { get; set => field = value ?? new(); } = new();
    public string? SelfPurchase { get; set; }
    public List<RateFields> Rates { get; set => field = value ?? []; } = [];
    public string? HoldStore { get; set; }
    public string? HoldOnline { get; set; }
    public string? Clawback { get; set; }
    public string? BandMode { get; set; }
    public List<BandFields> Bands { get; set => field = value ?? []; } = [];
    public string? Cap { get; set; }
    public string? StaffPercent { get; set; }
    public List<BountyFields> Bounties { get; set => field = value ?? []; } = [];

    /// <summary>Does what the button says about rows.</summary>
    /// <returns>Whether the button is about rows.</returns>
    public bool ChangeRows() => Do?.Split('.') switch
    {
        ["add" or "drop", "services", .. var at] => Change(Services, at, new ServiceFields()),
        ["add" or "drop", "decay", .. var at] => Change(Decay, at, new DecayFields()),
        ["add" or "drop", "rates", .. var at] => Change(Rates, at, new RateFields { Role = "closer" }),
        ["add" or "drop", "bands", .. var at] => Change(Bands, at, new BandFields()),
        ["add" or "drop", "bounties", .. var at] => Change(Bounties, at, new BountyFields { Once = true, Bound = true }),
        _ => false,
    };

    private static bool Change<TRow>(List<TRow> rows, string[] at, TRow added)
    {
        if (at.Length == 0 && rows.Count < MostRows) rows.Add(added);
        else if (at is [var number] && int.TryParse(number, out var place) && place >= 0 && place < rows.Count) rows.RemoveAt(place);
        return true;
    }
}

public sealed class ServiceFields
{
    public string? Kind { get; set; }
    public string? Strength { get; set; }
    public bool Renews { get; set; }
    public string? LockDays { get; set; }
    public string? LifeDays { get; set; }
}

public sealed class DecayFields
{
    public string? Days { get; set; }
    public string? Percent { get; set; }
}

/// <summary>A channel's closers in their order, and its shares; all three shares left empty: there is no rule, and all goes to the host (R9).</summary>
public sealed class SplitFields
{
    public string? First { get; set; }
    public string? Second { get; set; }
    public string? Third { get; set; }
    public string? Owner { get; set; }
    public string? Closer { get; set; }
    public string? Handover { get; set; }

    public bool IsNone => string.IsNullOrWhiteSpace(Owner) && string.IsNullOrWhiteSpace(Closer) && string.IsNullOrWhiteSpace(Handover);

    public IEnumerable<string> Sources => new[] { First, Second, Third }.OfType<string>().Where(source => source.Length > 0).Distinct();
}

public sealed class RateFields
{
    public string? Role { get; set; }
    public string? Grade { get; set; }

    /// <summary>Per cent with at most two decimals.</summary>
    public string? Rate { get; set; }

    /// <summary>A line for each category: its id, then its rate.</summary>
    public string? Categories { get; set; }

    public string? PerHandover { get; set; }
    public string? MinNet { get; set; }
}

public sealed class BandFields
{
    public string? From { get; set; }
    public string? Percent { get; set; }
}

public sealed class BountyFields
{
    public string? Kind { get; set; }
    public string? Amount { get; set; }
    public bool Once { get; set; }
    public bool Bound { get; set; }
    public string? WithinDays { get; set; }
    public string? MinNet { get; set; }
}
