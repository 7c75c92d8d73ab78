using System.CommandLine;
using System.Globalization;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Cli;

/// <summary>Options that several verbs share.</summary>
public static class Options
{
    /// <summary>Names the database where <c>--db</c> is not given.</summary>
    public const string DatabaseVariable = "TOKAMAK_DB";

    /// <summary><c>--db</c>; null where neither it nor the environment variable names a database.</summary>
    public static Option<string?> Database() => new("--db")
    {
        Description = $"Database: the path of a SQLite file, or a PostgreSQL connection string (postgres://user:password@host/database). Without, what {DatabaseVariable} says.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DatabaseVariable) is { Length: > 0 } set ? set : null,
    };

    /// <summary><c>--brand</c>; null means the only brand there is.</summary>
    public static Option<string?> Brand() => new("--brand") { Description = "Name of the brand; needed where the database holds several." };

    /// <summary>A month as <c>2026-01</c>, to be given.</summary>
    public static Option<Month> Month(string name, string description) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result =>
        {
            if (!Core.Kernel.Month.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : null, out var month)) result.AddError($"{name} takes a month such as 2026-01.");
            return month;
        },
    };

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
