namespace Tokamak.App.Cli;

/// <summary>Exit codes of every verb.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The input was fine and a check did not hold.</summary>
    public const int CheckFailed = 1;

    /// <summary>A file, a line or an argument is wrong; the message says which and what to do.</summary>
    public const int WrongInput = 2;
}
