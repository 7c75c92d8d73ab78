using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Rates, pay per handover and late effects (R12, R13).</summary>
public static class CommissionRules
{
    /// <summary>One unit of commission postings is a ten-thousandth: credit · basis points needs no rounding (R12).</summary>
    public const int Scale = 10_000;

    /// <summary>R12: the first entry of the role that names no grade or this one. A store has no grade.</summary>
    public static RateRule? RuleFor(PolicyVersion version, Role role, string? grade)
    {
        for (var i = 0; i < version.Rates.Count; i++)
        {
            var rule = version.Rates[i];
            if (rule.Role == role && (rule.Grade is null || rule.Grade == grade)) return rule;
        }
        return null;
    }

    /// <summary>R12: the rate of a role in a category, basis points; 0 without an entry.</summary>
    public static int RateBps(RateRule? rule, string category) =>
        rule is null ? 0 : rule.CategoryRatesBps.Count > 0 && rule.CategoryRatesBps.TryGetValue(category, out var own) ? own : rule.RateBps;

    /// <summary>R12: the net that a handover fact hands over, with the values after it.</summary>
    public static Int128 NetHandedOver(SaleBook sale, HandoverFact fact)
    {
        Int128 sum = 0;
        foreach (var change in fact.Lines)
        {
            var index = sale.IndexOf(change.Line);
            sum += Exact.MulDivFloor(sale.Line(index).Net, change.Quantity, sale.NotCancelled(index));
        }
        return sum;
    }

    /// <summary>R13: the day a line vests, or null where that is past the end of the calendar.</summary>
    public static DateOnly? VestDay(SaleBook sale, DateOnly received)
    {
        var number = received.DayNumber + sale.Version!.HoldDays(sale.Fact.Channel);
        return number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(number) : null;
    }

    /// <summary>R13: is a return or refund on this day too late to take commission back?</summary>
    public static bool TooLateToClawBack(SaleBook sale, in LineBook line, DateOnly day) =>
        line.ReceivedOn is { } received && day.DayNumber - received.DayNumber > sale.Version!.ClawbackDays;
}
