namespace Tokamak.Core.Promotions.Choosing;

/// <summary>A scenario with shadow prices.</summary>
internal sealed record Priced(Scenario Scenario, ShadowPrices Prices)
{
    /// <summary>What no way of the scenario is worth more than, in <see cref="Scenario.Scale"/>ths.</summary>
    public long Bound => Scenario.Constant + Prices.Bound;
}
