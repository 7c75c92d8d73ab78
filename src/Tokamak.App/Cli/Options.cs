using System.CommandLine;
using System.Globalization;

namespace Tokamak.App.Cli;

/// <summary>Options that several verbs share.</summary>
public static class Options
{
    /// <summary>A date as <c>2026-01-31</c>.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            result.AddError($"{name} takes a date such as 2026-01-31.");
            return null;
        },
    };
}
