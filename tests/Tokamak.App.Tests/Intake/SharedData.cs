using Xunit;

namespace Tokamak.App.Tests.Intake;

/// <summary>The real data sets, which are not part of the project: beside the repository, or where TOKAMAK_DATA says.</summary>
internal static class SharedData
{
    /// <summary>The folder of a data set; without it the test is skipped and says so.</summary>
    public static string Folder(string name)
    {
        var root = Environment.GetEnvironmentVariable("TOKAMAK_DATA") ?? Repository.Path("..", "shared", "data");
        var folder = Path.Combine(root, name);
        Assert.SkipUnless(Directory.Exists(folder), $"the data set {name} is not here; put it into ../shared/data or name its parent in TOKAMAK_DATA");
        return folder;
    }

    public static string Sample(string brand, string file) => Repository.Path("samples", "import", brand, file);
}
