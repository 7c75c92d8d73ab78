using System.Diagnostics;
using System.Text;

namespace Tokamak.App.Tests.Referral.Papers;

/// <summary>Reads a PDF as other programs do. Debian's poppler-utils; where it is missing these tests fail, they are not passed over.</summary>
internal static class Poppler
{
    /// <summary>The text of all pages, a form feed after each, laid out as on paper.</summary>
    public static string Text(byte[] pdf) => Run("pdftotext", ["-layout", "-enc", "UTF-8"], pdf, "-");

    /// <summary>The text without white space, which is nowhere certain in a PDF.</summary>
    public static string Letters(byte[] pdf) => string.Concat(Text(pdf).Where(letter => !char.IsWhiteSpace(letter)));

    public static string Fonts(byte[] pdf) => Run("pdffonts", [], pdf);

    public static string Information(byte[] pdf) => Run("pdfinfo", [], pdf);

    private static string Run(string program, string[] options, byte[] pdf, string? output = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, pdf);
            var start = new ProcessStartInfo(program, [.. options, file, .. output is null ? Array.Empty<string>() : [output]])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
            };
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // A PDF that is not quite right is repaired with a complaint: that is a fault here.
            Assert.Equal("", complaints.Result);
            Assert.Equal(0, process.ExitCode);
            return said;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
