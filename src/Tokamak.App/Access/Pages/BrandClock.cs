using Tokamak.App.Brands;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Access.Pages;

/// <summary>The clock that moments are shown on: the brand's, which a host registers; Taiwan's where nothing is said.</summary>
internal static class BrandClock
{
    private static readonly Zone Taiwan = Zones.Find("Asia/Taipei")!;

    public static Zone Of(IServiceProvider provided) => provided.GetService<Zone>() ?? Taiwan;

    /// <summary>The first moment of a day on that clock.</summary>
    public static DateTime StartUtc(Zone zone, DateOnly day) => new(zone.InstantOf(day.ToDateTime(TimeOnly.MinValue)).Ticks, DateTimeKind.Utc);
}
