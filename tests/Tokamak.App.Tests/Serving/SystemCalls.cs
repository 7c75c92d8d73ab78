using System.Globalization;
using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Serving;

/// <summary>A call to the system as strace wrote it down: when it began and ended, on which file or connection, with what.</summary>
internal sealed record SystemCall(string Name, string On, string Text, decimal Began, decimal Ended);

/// <summary>Reads what <c>strace -f -ttt -T -yy</c> writes; calls that another process interrupted on paper are put together again.</summary>
internal static partial class SystemCalls
{
    public static List<SystemCall> Read(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, (decimal Began, string Text)>();
        foreach (var line in lines)
        {
            if (Line().Match(line) is not { Success: true } match) continue;
            var (process, at, text) = (match.Groups["process"].Value, decimal.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture), match.Groups["text"].Value);
            var began = at;
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[process] = (at, text[..^"<unfinished ...>".Length]);
                continue;
            }
            if (Resumed().Match(text) is { Success: true } resumed)
            {
                if (!unfinished.Remove(process, out var before)) continue;
                (began, text) = (before.Began, before.Text + resumed.Groups["rest"].Value);
            }
            if (Call().Match(text) is not { Success: true } call) continue;
            calls.Add(new SystemCall(call.Groups["name"].Value, call.Groups["on"].Value, text, began, began + decimal.Parse(call.Groups["took"].Value, CultureInfo.InvariantCulture)));
        }
        return [.. calls.OrderBy(call => call.Began)];
    }

    /// <summary>For each request of a kind that was answered with 200: whether a file was forced to the disk between its arrival and the answer.</summary>
    public static List<bool> ForcedBeforeAnswer(IReadOnlyList<SystemCall> calls, string request, string file)
    {
        var forced = new List<bool>();
        foreach (var connection in calls.Where(call => call.On.StartsWith("TCP", StringComparison.Ordinal)).GroupBy(call => call.On))
        {
            SystemCall? arrived = null;
            foreach (var call in connection)
            {
                if (call.Name is "recvmsg" or "recvfrom" or "read" && call.Text.Contains(request, StringComparison.Ordinal)) arrived = call;
                if (call.Name is not ("sendmsg" or "sendto" or "write") || arrived is null || !call.Text.Contains("HTTP/1.1 200", StringComparison.Ordinal)) continue;
                forced.Add(calls.Any(sync => sync.Name is "fsync" or "fdatasync" && sync.On.EndsWith(file, StringComparison.Ordinal) && sync.Began >= arrived.Ended && sync.Ended <= call.Began));
                arrived = null;
            }
        }
        return forced;
    }

    [GeneratedRegex(@"^(?<process>\d+)\s+(?<at>\d+\.\d+) (?<text>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>\s?(?<rest>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\(\d+<(?<on>(TCP(v6)?:\[[^\]]*(\]:\d+->\[[^\]]*)?\]|[^>]*))>?.* = \d+.*<(?<took>\d+\.\d+)>$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();
}
