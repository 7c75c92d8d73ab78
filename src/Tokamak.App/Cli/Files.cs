using Tokamak.App.Brands;

namespace Tokamak.App.Cli;

/// <summary>How verbs meet files that are not there, not readable or wrong: a sentence on standard error and exit code 2.</summary>
public static class Files
{
    private const int MostFaultsShown = 20;

    /// <summary>Runs a verb's work; a file that cannot be read or written is the user's to mend, not a crash.</summary>
    public static int Guarded(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{e.Message} Check the path and whether you may read or write there.");
            return ExitCodes.WrongInput;
        }
    }

    /// <summary>Prints what is wrong, if anything, and says so by the exit code.</summary>
    public static int Report(IReadOnlyList<FileFault> wrong)
    {
        foreach (var fault in wrong.Take(MostFaultsShown)) Console.Error.WriteLine(fault);
        if (wrong.Count > MostFaultsShown) Console.Error.WriteLine($"… and {wrong.Count - MostFaultsShown} more.");
        return wrong.Count == 0 ? ExitCodes.Done : ExitCodes.WrongInput;
    }
}
