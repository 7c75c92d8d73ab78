using Tokamak.App.Clerks.HandingOn;
using Tokamak.App.Clerks.Pools;
using Tokamak.App.Members.Own;

namespace Tokamak.App.Clerks;

/// <summary>What stores and clerks work with, put into a host of pages.</summary>
public static class ClerkParts
{
    public static IServiceCollection AddClerks(this IServiceCollection services) => services.AddSingleton(new OwnPart(typeof(OwnHanding)));

    public static void MapClerks(this WebApplication app) => PoolFile.Map(app);
}
