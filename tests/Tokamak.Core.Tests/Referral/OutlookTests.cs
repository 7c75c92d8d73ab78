using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class OutlookTests
{
    [Fact]
    public void It_is_the_first_day_after_which_a_sale_would_give_the_owner_something_else()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var dice = new Random(seed);
            var version = RandomPolicy.Of(dice, new DateOnly(2026, 1, 1)).Versions[0];
            var renewed = new DateOnly(2026, 2, 1);
            var expires = renewed.AddDays(dice.Next(0, 120));
            var binding = new Binding(null, new StoreId("S1"), default, renewed, renewed, expires, [], 0, new FactId("V1"));
            var day = renewed.AddDays(dice.Next(0, expires.DayNumber - renewed.DayNumber + 1));
            var outlook = Outlook.Of(binding, day, version);

            int? PercentOn(DateOnly on) => binding.InForceOn(on) ? CreditRules.DecayPercent(version.Decay, on.DayNumber - renewed.DayNumber) : null;
            var last = day;
            while (PercentOn(last.AddDays(1)) == PercentOn(day)) last = last.AddDays(1);
            Assert.Equal(new Outlook(last, PercentOn(day)!.Value, PercentOn(last.AddDays(1)) ?? 0, PercentOn(last.AddDays(1)) is null), outlook);
        }
    }
}
