using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Tokamak.App.Data;

/// <summary>A numbered SQL file of this program. The checksum is of its text with line ends of one kind.</summary>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number:0000}-{Name}");

    /// <param name="of"><c>catalogue</c> or <c>brand</c>: the folder under <c>Sql/{provider}</c>.</param>
    public static IReadOnlyList<Migration> Embedded(Provider provider, string of)
    {
        var assembly = typeof(Migration).Assembly;
        var folder = $"Sql/{(provider == Provider.Sqlite ? "sqlite" : "postgres")}/{of}/";
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var match = FileName().Match(resource[folder.Length..]);
            if (!match.Success) throw new InvalidOperationException($"{resource}: a migration is called 0001-name.sql.");
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            found.Add(new(int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), match.Groups["name"].Value, text.ReadToEnd().ReplaceLineEndings("\n")));
        }
        return found;
    }

    [GeneratedRegex(@"^(?<number>\d{4})-(?<name>[a-z0-9-]+)\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName();
}

/// <summary>
/// Brings a place to the newest schema: each file in a turn of the writer, so that of two processes one waits and then finds it done.
/// Forward only. What was applied must be what the program holds: a changed file or a newer database is refused.
/// </summary>
internal sealed class Migrations
{
    private readonly IReadOnlyList<Migration> _all;

    /// <param name="all">Numbered 1, 2, 3 and so on.</param>
    public Migrations(IReadOnlyList<Migration> all)
    {
        if (all.Count == 0 || all.Where((migration, i) => migration.Number != i + 1).Any()) throw new InvalidOperationException("Migrations are numbered from 0001 without a gap.");
        _all = all;
    }

    public static Migrations Embedded(Provider provider, string of) => new(Migration.Embedded(provider, of));

    /// <returns>What was applied now, oldest first.</returns>
    /// <param name="mayBeEmpty">False: there were books here, so that none are a loss and not a start.</param>
    public async Task<IReadOnlyList<Migration>> ApplyAsync(Place place, bool mayBeEmpty, CancellationToken stop)
    {
        await using (var read = await place.BeginReadAsync(stop))
            if (await AppliedCountAsync(place, read, mayBeEmpty, stop) == _all.Count) return [];

        var done = new List<Migration>();
        while (await ApplyNextAsync(place, mayBeEmpty, stop) is { } applied) done.Add(applied);
        return done;
    }

    private async Task<Migration?> ApplyNextAsync(Place place, bool mayBeEmpty, CancellationToken stop)
    {
        await using var turn = await place.BeginWriteAsync(stop);
        var count = await AppliedCountAsync(place, turn, mayBeEmpty, stop);
        if (count == _all.Count) return null;
        if (count == 0) await MakeAsync(place, turn, stop);

        var next = _all[count];
        await using (var apply = turn.Command(next.Sql))
        {
            apply.CommandTimeout = 0;
            await apply.ExecuteNonQueryAsync(stop);
        }
        await using (var note = turn.Command(
            "insert into migration (number, name, sha256) values (@number, @name, @sha256)", ("number", next.Number), ("name", next.Name), ("sha256", next.Sha256)))
            await note.ExecuteNonQueryAsync(stop);
        await turn.CommitAsync(stop);
        return next;
    }

    private static async Task MakeAsync(Place place, Turn turn, CancellationToken stop)
    {
        await place.MakeAsync(turn, stop);
        await using var create = turn.Command(turn.Provider == Provider.Sqlite
            ? """
              create table if not exists migration (
                number integer primary key, name text not null, sha256 text not null,
                applied_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))) strict
              """
            : "create table if not exists migration (number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())");
        await create.ExecuteNonQueryAsync(stop);
    }

    /// <summary>How many are applied, once all of them are found to be those of this program.</summary>
    private async Task<int> AppliedCountAsync(Place place, Turn turn, bool mayBeEmpty, CancellationToken stop)
    {
        if (!await place.HasTableAsync(turn, "migration", stop))
        {
            if (await place.HasTableAsync(turn, null, stop))
                throw new WrongDatabaseException($"{place.Shown} holds tables of something else: name another database with --db, or empty this one.");
            if (!mayBeEmpty)
                throw new WrongDatabaseException($"{place.Shown} is empty, and the catalogue says there were books in it: bring them back from a backup (docs/operations.md).");
            return 0;
        }
        await using var select = turn.Command("select number, name, sha256 from migration order by number");
        await using var rows = await select.ExecuteReaderAsync(stop);
        var count = 0;
        while (await rows.ReadAsync(stop))
        {
            var (number, name, sha256) = (rows.GetInt32(0), rows.GetString(1), rows.GetString(2));
            if (number > _all.Count)
                throw new WrongDatabaseException($"{place.Shown} was made by a newer tokamak (it has migration {number:0000}-{name}): update this program.");
            if (number != ++count || _all[number - 1] is var ours && (ours.Name != name || ours.Sha256 != sha256))
                throw new WrongDatabaseException(
                    $"{place.Shown}: migration {number:0000}-{name} was applied with another text than this program has. Use the program that made the database, or restore a backup; a migration once released never changes.");
        }
        return count;
    }
}
