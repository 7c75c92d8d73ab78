using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// The demo brand as of now: its 18 months are moved by whole weeks, so that weekdays stay, and end with what has happened by now. A
/// clerk's day has then something in it.
/// </summary>
internal readonly partial record struct DemoMove(int Days)
{
    public static DemoMove To(DateOnly today) => new((today.DayNumber - DemoCalendar.Last.DayNumber + 6) / 7 * 7);

    public Fact Of(Fact fact) => fact with { At = new Instant(fact.At.Ticks + (Days * TimeSpan.TicksPerDay)) };

    /// <summary>A policy as JSON, its versions' dates moved.</summary>
    public byte[] Of(ReadOnlyMemory<byte> policy)
    {
        var days = Days;
        return Encoding.UTF8.GetBytes(EffectiveFrom().Replace(Encoding.UTF8.GetString(policy.Span), found =>
            found.Groups["before"].Value + DateOnly.ParseExact(found.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"(?<before>""effectiveFrom"":\s*"")(?<day>\d{4}-\d\d-\d\d)")]
    private static partial Regex EffectiveFrom();
}
