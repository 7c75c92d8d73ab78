using System.Globalization;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Members;

/// <summary>
/// Looks for texts that tell of a person, in whatever form a program may have written them: as they are, as UTF-16, in hexadecimal
/// digits, in base64 at any place of its groups of three, and as JSON escapes them.
/// </summary>
internal sealed class PersonSearch(params string[] texts)
{
    private readonly List<(string Text, byte[] Form)> _forms = [.. texts.SelectMany(text => FormsOf(text).Distinct().Select(form => (text, Encoding.Latin1.GetBytes(form))))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Which of the texts stand there.</summary>
    public IEnumerable<string> In(byte[] bytes) => _forms.Where(form => bytes.AsSpan().IndexOf(form.Form) >= 0).Select(form => form.Text).Distinct();

    public IEnumerable<string> In(string text) => In(Encoding.UTF8.GetBytes(text));

    /// <summary>Every value of every table that a transaction can see, and where it was found.</summary>
    public async Task<List<string>> InTablesAsync(Turn turn)
    {
        var tables = await turn.ReadAsync(
            turn.Provider == Provider.Sqlite
                ? "select 'main', name from sqlite_master where type = 'table'"
                // What the server remembers of a column's values is a place like any other.
                : "select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') union all select 'pg_catalog', 'pg_stats'",
            row => (Schema: row.GetString(0), Name: row.GetString(1)), Stop);
        Assert.True(tables.Count > 5);
        List<string> found = [];
        foreach (var (schema, name) in tables)
        {
            var where = schema == "pg_catalog" ? " where schemaname not in ('pg_catalog', 'information_schema')" : "";
            // As text, where a provider knows no type for it.
            var columns = turn.Provider == Provider.Postgres ? "to_json(t)::text" : "t.*";
            var rows = await turn.ReadAsync($"select {columns} from \"{schema}\".\"{name}\" t{where}", row =>
            {
                var values = new object[row.FieldCount];
                row.GetValues(values);
                return values;
            }, Stop);
            found.AddRange(rows.SelectMany(values => values).SelectMany(value => value is byte[] bytes ? In(bytes) : In(Convert.ToString(value, CultureInfo.InvariantCulture)!)).Distinct().Select(text => $"{schema}.{name}: {text}"));
        }
        return found;
    }

    /// <summary>The bytes of every file of a folder, and which of them has what.</summary>
    public async Task<List<string>> InFilesAsync(string folder)
    {
        // Of a copy that another process makes: whoever closes a file lets go of all locks that their process has on it, SQLite's too.
        var copy = Directory.CreateTempSubdirectory("tokamak-search-").FullName;
        try
        {
            await Programs.RunAsync("cp", "-r", folder, copy);
            List<string> found = [.. Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).SelectMany(file => In(File.ReadAllBytes(file)).Select(text => $"{Path.GetFileName(file)}: {text}"))];
            Assert.NotEmpty(Directory.EnumerateFiles(copy, "*.db", SearchOption.AllDirectories));
            return found;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Each as bytes, which a letter of Latin-1 stands for.</summary>
    private static IEnumerable<string> FormsOf(string text)
    {
        foreach (var bytes in (byte[][])[Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text)])
        {
            yield return Encoding.Latin1.GetString(bytes);
            yield return Convert.ToHexString(bytes);
            yield return Convert.ToHexStringLower(bytes);
            for (var before = 0; before < 3; before++)
            {
                // Without the letters that depend on what stands before and after.
                var whole = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
                yield return whole[(before == 0 ? 0 : before + 1)..^1];
            }
        }
        var escaped = string.Concat(text.Select(letter => letter < 128 ? $"{letter}" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")));
        yield return escaped;
        yield return string.Concat(text.Select(letter => letter < 128 ? $"{letter}" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}")));
    }
}
