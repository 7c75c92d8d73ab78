using System.Text.RegularExpressions;
using Npgsql;

namespace Tokamak.App.Data;

/// <summary>The databases Tokamak keeps books in: SQLite for trying out and single stores, PostgreSQL as the system of record.</summary>
public enum Provider
{
    Sqlite,
    Postgres,
}

/// <summary>
/// What <c>--db</c> names: the path of a SQLite catalogue file, or a PostgreSQL connection string, written with keywords
/// (<c>Host=…;Database=…</c>) or as <c>postgres://user:password@host/database</c>. <see cref="Text"/> may hold a password and is never shown.
/// </summary>
public sealed partial record DatabaseAddress(Provider Provider, string Text)
{
    /// <summary>For people and logs: without the password.</summary>
    public string Shown => Provider == Provider.Sqlite ? Text : ShownServer(new NpgsqlConnectionStringBuilder(Text));

    public override string ToString() => Shown;

    /// <returns>Null with a sentence of what is wrong with the text, which never repeats it, since it may hold a password.</returns>
    public static DatabaseAddress? Parse(string text, out string? fault)
    {
        fault = null;
        text = text.Trim();
        try
        {
            if (Url().IsMatch(text)) return new(Provider.Postgres, FromUrl(new Uri(text)));
            if (Keyword().IsMatch(text)) return new(Provider.Postgres, Checked(new NpgsqlConnectionStringBuilder(text)));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or NotSupportedException)
        {
            fault = "--db is not a PostgreSQL connection string: write it as postgres://user:password@host/database, or with keywords as Host=…;Database=…;Username=…;Password=….";
            return null;
        }
        if (text.Length == 0) fault = "--db names no database: give the path of a SQLite file, or a PostgreSQL connection string.";
        else if (Directory.Exists(text)) fault = $"{text} is a folder: name a file in it, such as {Path.Combine(text, "tokamak.db")}.";
        else if (text.Contains("://", StringComparison.Ordinal) || text.Contains(';', StringComparison.Ordinal))
            fault = "--db is neither the path of a SQLite file nor a PostgreSQL connection string (postgres://user:password@host/database, or Host=…;Database=…).";
        return fault is null ? new(Provider.Sqlite, Path.GetFullPath(text)) : null;
    }

    private static string FromUrl(Uri url)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(url.Host) };
        if (url.Port > 0) builder.Port = url.Port;
        if (url.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        if (url.UserInfo.Length > 0)
        {
            var parts = url.UserInfo.Split(':', 2);
            builder.Username = Uri.UnescapeDataString(parts[0]);
            if (parts.Length == 2) builder.Password = Uri.UnescapeDataString(parts[1]);
        }
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            // libpq writes verify-full and connect_timeout where Npgsql writes VerifyFull and Connect Timeout.
            var (key, value) = pair.Split('=', 2) is [var name, var said] ? (Uri.UnescapeDataString(name), Uri.UnescapeDataString(said)) : throw new FormatException();
            if (key == "connect_timeout") key = "Timeout";
            builder[key == "sslmode" ? "SSL Mode" : key.Replace('_', ' ')] = key == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return Checked(builder);
    }

    private static string Checked(NpgsqlConnectionStringBuilder builder) =>
        string.IsNullOrWhiteSpace(builder.Host) ? throw new FormatException() : builder.ConnectionString;

    private static string ShownServer(NpgsqlConnectionStringBuilder server) =>
        $"PostgreSQL database {server.Database ?? server.Username} on {server.Host}:{server.Port}";

    [GeneratedRegex("^postgres(ql)?://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Url();

    [GeneratedRegex(@"(^|;)\s*(host|server|data source|database|username|user id|password)\s*=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Keyword();
}
