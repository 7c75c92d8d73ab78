using NodaTime;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Brands;

/// <summary>IANA time zones from the database that ships with NodaTime, the same on every machine (docs/adr/0004).</summary>
public static class Zones
{
    /// <summary>The zone of that IANA name, or null if there is none.</summary>
    public static Zone? Find(string name)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);
        if (zone is null) return null;
        var spans = zone.GetZoneIntervals(NodaTime.Instant.FromUtc(1, 1, 1, 0, 0), NodaTime.Instant.FromUtc(2200, 1, 1, 0, 0))
            .Select(interval => new ZoneSpan(
                interval.HasStart && interval.Start > NodaTime.Instant.FromUtc(1, 1, 1, 0, 0)
                    ? new Core.Kernel.Instant(interval.Start.ToDateTimeUtc().Ticks)
                    : default,
                interval.WallOffset.Seconds))
            .ToArray();
        return new Zone(name, spans);
    }
}
