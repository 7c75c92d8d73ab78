using System.Globalization;
using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Papers;

/// <summary>Statements to put on paper, and the words and figures of a reader.</summary>
internal static class PaperWorld
{
    public const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public static readonly Month January = Month.Of(new DateOnly(2026, 1, 1));
    public static readonly StaffId A = new("A");

    public static StatementPaper Paper(Language language, Currency? currency = null) => new(Texts.In(language), new Show(language, currency));

    public static PrintedStatement Printed(Books books, Month? period = null, StaffId? staff = null) => new(InMemory.Statement(books, staff ?? A, period ?? January), new StoreId("S1"));

    public static PaperOrigin Origin(BrandNames names, string? hash = null) =>
        new(names, new Instant(new DateTime(2026, 3, 1, 1, 30, 0, DateTimeKind.Utc).Ticks), Taipei, hash);

    /// <summary>Clerk A sells so many times in January.</summary>
    public static Books Busy(int sales)
    {
        List<string> facts = ["""{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}"""];
        for (var i = 0; i < sales; i++)
        {
            var at = new DateTime(2026, 1, 2, 10, 0, 0).AddMinutes(i).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
            facts.Add($$"""{"type":"sale","id":"POS-{{i:00000}}","at":"{{at}}+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":{{1000 + i}},"fulfil":"taken"}]}""");
        }
        return World.Of(string.Join('\n', facts));
    }

    /// <summary>Clerk A is called so.</summary>
    public static BrandNames Names(string brand, string staff)
    {
        var (names, faults) = BrandNames.Parse(JsonSerializer.SerializeToUtf8Bytes(new { brand, staff = new Dictionary<string, string> { ["A"] = staff } }));
        Assert.Empty(faults);
        return names!;
    }

    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);
}
