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

    /// <summary>A verb that does what it was asked; its output.</summary>
    public static async Task<string> DoneAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(Tokamak, arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    /// <summary>A verb that refuses: one sentence or two on one line, exit code 2, nothing of the inside.</summary>
    public static async Task<string> WrongAsync(params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(Tokamak, arguments);
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("cret", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return errors;
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
    })!;
}
