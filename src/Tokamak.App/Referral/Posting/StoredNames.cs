using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;

namespace Tokamak.App.Referral.Posting;

/// <summary>The names people see, kept with the books.</summary>
public static class StoredNames
{
    /// <summary>Counts how often names were written, so that whoever keeps them knows when to read them anew.</summary>
    public const string Revision = "names-revision";

    private const string CurrencyDecimals = "currency-decimals";

    /// <summary>Keeps the names people see; a name given anew replaces the old one.</summary>
    public static async Task WriteAsync(Turn turn, BrandNames names, CancellationToken stop)
    {
        List<DisplayNameRow> rows =
        [
            .. names.Stores.Select(store => new DisplayNameRow { Kind = NameKind.Store, Id = store.Key, Name = store.Value }),
            .. names.Staff.Select(clerk => new DisplayNameRow { Kind = NameKind.Staff, Id = clerk.Key, Name = clerk.Value }),
        ];
        if (names.Brand is { } brand) rows.Add(new DisplayNameRow { Kind = NameKind.Brand, Id = "", Name = brand });
        if (names.Warehouse is { } warehouse) rows.Add(new DisplayNameRow { Kind = NameKind.Warehouse, Id = "", Name = warehouse });
        await turn.UpsertAsync(rows, stop);
        await turn.UpsertAsync<SettingRow>([new SettingRow { Name = CurrencyDecimals, Value = names.CurrencyDecimals.ToString(CultureInfo.InvariantCulture) }], stop);
        await NoteAsync(turn, stop);
    }

    /// <summary>Gives one store or clerk a name, or another one; everybody else's stay.</summary>
    public static async Task RenameAsync(Turn turn, NameKind kind, string id, string name, CancellationToken stop)
    {
        await turn.UpsertAsync<DisplayNameRow>([new DisplayNameRow { Kind = kind, Id = id, Name = name }], stop);
        await NoteAsync(turn, stop);
    }

    private static async Task NoteAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        var revision = await books.Settings.Where(s => s.Name == Revision).Select(s => s.Value).SingleOrDefaultAsync(stop);
        await turn.UpsertAsync<SettingRow>(
        [
            new SettingRow { Name = Revision, Value = (long.Parse(revision ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture) },
        ], stop);
    }

    /// <summary>The names people see, as stored.</summary>
    public static async Task<BrandNames> ReadAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        var names = await books.DisplayNames.ToListAsync(stop);
        var decimals = await books.Settings.Where(s => s.Name == CurrencyDecimals).Select(s => s.Value).SingleOrDefaultAsync(stop);
        return new BrandNames(
            names.Find(n => n.Kind == NameKind.Brand)?.Name, names.Find(n => n.Kind == NameKind.Warehouse)?.Name,
            decimals is null ? 0 : int.Parse(decimals, CultureInfo.InvariantCulture),
            names.Where(n => n.Kind == NameKind.Store).ToDictionary(n => n.Id, n => n.Name), names.Where(n => n.Kind == NameKind.Staff).ToDictionary(n => n.Id, n => n.Name));
    }
}
