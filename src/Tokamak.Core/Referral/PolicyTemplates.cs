namespace Tokamak.Core.Referral;

/// <summary>Where a policy may begin from.</summary>
public enum PolicyTemplate
{
    /// <summary>Commission to whoever closes the sale, and to nobody else.</summary>
    CloserOnly,

    /// <summary>The owner has a share of online sales that falls with the time since the last service.</summary>
    DecayingOwner,

    /// <summary>Stores keep members and half of the commission; handing over is paid.</summary>
    StoreShared,

    /// <summary>Who brought a member to the web shop has the larger part of what they buy there, for longer.</summary>
    OnlineFriendly,
}

/// <summary>Complete versions to begin from. They hold no amounts of money, which every currency would read differently.</summary>
public static class PolicyTemplates
{
    private const int Senior = 3, Middling = 2, Slight = 1;

    /// <param name="template">Which.</param>
    /// <param name="version">Its number.</param>
    /// <param name="from">From when.</param>
    /// <param name="timezone">The brand's, of the IANA database.</param>
    /// <param name="currency">The brand's, ISO 4217.</param>
    public static PolicyVersion Of(PolicyTemplate template, int version, DateOnly from, string timezone, string currency)
    {
        var plain = Plain(version, from, timezone, currency);
        return template switch
        {
            PolicyTemplate.CloserOnly => plain,
            PolicyTemplate.DecayingOwner => plain with
            {
                Decay = [new(30, 100), new(90, 50), new(180, 20)],
                Split = [Store(0, 100, 0), Online(40, 30, 10)],
                Rates = [Rate(Role.Owner, 200), Rate(Role.Closer, 250), Rate(Role.Handover, 100)],
                StaffPercent = 80,
            },
            PolicyTemplate.StoreShared => plain with
            {
                StaffMoves = StaffMoves.Stay,
                Decay = [new(60, 100), new(180, 50)],
                Split = [Store(0, 80, 0), Online(30, 20, 30)],
                Rates = [Rate(Role.Owner, 200), Rate(Role.Closer, 200), Rate(Role.Handover, 200)],
                StaffPercent = 50,
            },
            PolicyTemplate.OnlineFriendly => plain with
            {
                Services = [.. plain.Services.Select(terms => terms.Strength == Senior ? terms with { LockDays = 60, LifeDays = 365 } : terms)],
                Decay = [new(90, 100), new(180, 70), new(365, 40)],
                LinkDays = 7,
                Split = [Store(10, 70, 0), Online(50, 25, 10)],
                Rates = [Rate(Role.Owner, 250), Rate(Role.Closer, 200), Rate(Role.Handover, 150)],
                StaffPercent = 85,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(template), template, null),
        };
    }

    private static PolicyVersion Plain(int version, DateOnly from, string timezone, string currency) => new()
    {
        Version = version, EffectiveFrom = from, Timezone = timezone, Currency = currency,
        Services =
        [
            new("app-install", Senior, 30, 180, Renews: true),
            new("sign-up", Senior, 30, 180, Renews: true),
            new(BindingRules.StoreSale, Middling, 14, 90, Renews: true),
            new(BindingRules.AssistedSale, Middling, 14, 90, Renews: true),
            new(BindingRules.LinkClick, Slight, 1, 30, Renews: false),
        ],
        Takeover = Takeover.Equal, StaffMoves = StaffMoves.Keep, StaffLeaves = StaffLeaves.Store,
        Decay = [], LinkDays = 3, SelfPurchase = SelfPurchase.Exclude,
        Split = [Store(0, 100, 0), Online(0, 100, 0)],
        Rates = [Rate(Role.Closer, 200)],
        StaffPercent = 100, Bounties = [],
        HoldDaysStore = 7, HoldDaysOnline = 10, ClawbackDays = 60,
    };

    private static SplitRule Store(int owner, int closer, int handover) => new(Channel.Store, [CloserSource.Staff], owner, closer, handover);

    private static SplitRule Online(int owner, int closer, int handover) => new(Channel.Online, [CloserSource.Staff, CloserSource.Code, CloserSource.Link], owner, closer, handover);

    private static RateRule Rate(Role role, int bps) => new(role, bps, null, new Dictionary<string, int>(), null, 0);
}
