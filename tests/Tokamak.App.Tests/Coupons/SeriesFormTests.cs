using System.Net;
using System.Text.RegularExpressions;
using Tokamak.App.Access;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Coupons;

/// <summary>The office makes a series by the form, issues codes and takes them away, once; and stops it.</summary>
public sealed class SeriesFormTests(PostgresServer server)
{
    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);

    private static readonly (string, string)[] Typed = [("Typed.Id", "spring"), ("Typed.NameZh", "春季券"), ("Typed.NameEn", "Spring")];

    [Theory, EveryDatabase]
    public async Task A_series_is_made_its_codes_are_issued_and_downloaded_once_and_it_is_stopped(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        var (office, finance) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));
        Assert.Equal("/coupons/spring", (await office.SubmitAsync("/coupons/new", "make", [.. Typed, ("Typed.Holding", "Transferable"), ("Typed.Total", "1,000")])).Location);
        Assert.Contains("There is a series of this id already.", (await office.SubmitAsync("/coupons/new", "make", Typed)).Page, StringComparison.Ordinal);
        await office.SubmitAsync("/coupons/spring", "issue", ("Typed.Count", "none"));
        Assert.DoesNotContain("codes.csv", (await office.GetAsync("/coupons/spring")).Page, StringComparison.Ordinal);
        var asked = (await office.SubmitAsync("/coupons/spring", "issue", ("Typed.Count", "25,000"))).Page;
        Assert.Contains("/coupons/spring/batches/1/codes.csv", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("codes.csv", (await finance.GetAsync("/coupons/spring")).Page, StringComparison.Ordinal);
        var token = SignedIn.FormToken(asked);
        var file = await office.PostAsync("/coupons/spring/batches/1/codes.csv", ("__RequestVerificationToken", token));
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (file.Status, file.Message.Content.Headers.ContentType?.MediaType));
        var lines = file.Page.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("code,series", 25_001), (lines[0], lines.Distinct().Count()));
        Assert.All(lines.Skip(1).Take(100), line => Assert.Matches(new Regex("^([0-9A-Z]{5}-){2}[0-9A-Z]{5},spring$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), line));
        Assert.Equal(HttpStatusCode.NotFound, (await office.PostAsync("/coupons/spring/batches/1/codes.csv", ("__RequestVerificationToken", token))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await office.PostAsync("/coupons/spring/batches/x/codes.csv", ("__RequestVerificationToken", token))).Status);
        await finance.SubmitAsync("/coupons/spring", "stop", ("Typed.Sure", "true"));
        Assert.DoesNotContain("Stopped", (await office.GetAsync("/coupons")).Page, StringComparison.Ordinal);
        await office.SubmitAsync("/coupons/spring", "stop", ("Typed.Sure", "true"));
        Assert.Contains("Stopped", (await office.GetAsync("/coupons")).Page, StringComparison.Ordinal);
        Assert.Equal(
            ["CouponSeriesMade spring ", "CouponCodesAsked spring 1: 25000", "CouponCodesTaken spring 1", "CouponSeriesStopped spring "],
            (await world.AuditAsync()).Where(entry => entry.What.ToString().StartsWith("Coupon", StringComparison.Ordinal)).Select(entry => $"{entry.What} {entry.About} {entry.Detail}"));
    }

    [Fact]
    public void What_was_typed_is_read_on_the_clock_of_the_brand_and_the_last_day_counts()
    {
        var form = new SeriesForm
        {
            Id = " vip ", NameZh = "貴賓", NameEn = "VIP", Issuer = "S1", Kind = "RandomCodes", SharedCode = "left over", Channel = "store", Stores = ["S2", "S1", "S2"], Holding = "HolderOnly",
            From = "2026-03-01", Until = "2026-03-31", Total = "", Each = "2", OnReturn = "Keep", Bearer = "Redeemer", Department = "crm",
        };
        var (series, faults) = form.Read(Taipei);
        Assert.Empty(faults);
        Assert.Equal(("vip", null, "2026-02-28T16:00:00Z", "2026-03-31T16:00:00Z"), (series.Id, series.SharedCode, series.From.ToString(), series.Until.ToString()));
        Assert.Equal(["S1", "S2"], series.Stores);
        Assert.Equal((null, 2L, CouponOnReturn.Keep, CouponBearer.Redeemer), (series.TotalUses, series.MemberUses, series.OnReturn, series.Bearer));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var (_, faults) = new SeriesForm { Id = "a b", NameZh = "", NameEn = "x", Kind = "SharedCode", SharedCode = "?", Channel = "online", Stores = ["S1"], From = "tomorrow", Total = "0", Each = "many", Department = new string('x', 50) }.Read(Taipei);
        Assert.Equal(
            [SeriesFault.Id, SeriesFault.Name, SeriesFault.SharedCode, SeriesFault.Stores, SeriesFault.Validity, SeriesFault.TotalUses, SeriesFault.MemberUses, SeriesFault.Department], faults.Order());
    }
}
