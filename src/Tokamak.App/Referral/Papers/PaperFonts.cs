namespace Tokamak.App.Referral.Papers;

/// <summary>Noto Sans TC, which the build puts beside the program (Web/WebPackages.targets). Each weight is read on its first use and kept.</summary>
internal static class PaperFonts
{
    private static readonly Lazy<TrueTypeFont> RegularFile = new(() => Read("NotoSansTC_400Regular.ttf", "NotoSansTC-Regular"));
    private static readonly Lazy<TrueTypeFont> BoldFile = new(() => Read("NotoSansTC_700Bold.ttf", "NotoSansTC-Bold"));

    public static TrueTypeFont Regular => RegularFile.Value;
    public static TrueTypeFont Bold => BoldFile.Value;

    private static TrueTypeFont Read(string file, string name) => new(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fonts", file)), name);
}
