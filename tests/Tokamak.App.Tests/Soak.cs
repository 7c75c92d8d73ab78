using System.Globalization;

namespace Tokamak.App.Tests;

/// <summary>How long and from which seed the tests run that draw what happens; bench/soak runs more of them than ./test.</summary>
internal static class Soak
{
    /// <summary>Another run: TOKAMAK_SEED=17 ./test --filter Crash. A run that fails names its seed.</summary>
    public static int Seed { get; } = Number("TOKAMAK_SEED") ?? 1;

    /// <summary>More of them: TOKAMAK_SOAK=1000 ./test --filter Crash.</summary>
    public static int Count(int inCi) => Number("TOKAMAK_SOAK") ?? inCi;

    /// <summary>Shows how far a long run is.</summary>
    public static void Say(string how)
    {
        if (Number("TOKAMAK_SOAK") is not null) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {how}"));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
