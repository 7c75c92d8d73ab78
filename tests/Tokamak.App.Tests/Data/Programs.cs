using System.Diagnostics;

namespace Tokamak.App.Tests.Data;

/// <summary>Programs that a test runs beside itself.</summary>
internal static class Programs
{
    /// <summary>The executable of the build under test.</summary>
    public static readonly string Tokamak = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tokamak.exe" : "tokamak");

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
    })!;
}
