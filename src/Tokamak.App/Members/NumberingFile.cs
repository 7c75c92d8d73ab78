using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>The numbering plans that come with the program, read once.</summary>
public static class NumberingFile
{
    private static readonly Lazy<Numbering> Read = new(() => Numbering.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "numbering", "metadata.max.json"))));

    public static Numbering Plans => Read.Value;
}
