using System.Text;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>A sale on a list.</summary>
/// <param name="Id">Id of the sale.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Day">Its date in the brand's time zone.</param>
/// <param name="Channel">Where it was made.</param>
/// <param name="Sold">What it came to, in whole units of the currency.</param>
/// <param name="Net">What is left of it after cancels, refunds and returns.</param>
/// <param name="Credited">Ids of the staff to whom credit of it stands.</param>
/// <param name="Store">The store, for channel store.</param>
/// <param name="Member">Whose it is, as the sale named them.</param>
/// <param name="Staff">Who closed it, as the sale named them.</param>
public sealed record SaleItem(
    string Id, DateTime At, DateOnly Day, Channel Channel, long Sold, long Net, IReadOnlyList<string> Credited, string? Store = null, string? Member = null, string? Staff = null);

/// <summary>Some sales, the newest first.</summary>
/// <param name="Sales">At most as many as the limit.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record SaleList(IReadOnlyList<SaleItem> Sales, string? Next = null);

/// <summary><c>GET /api/v1/sales</c>: sales by time, store, staff and member, the newest first; voided ones are left out.</summary>
internal static class ListSales
{
    public static async Task<IResult> AnswerAsync(
        HttpContext request, OpenBooks books, string? since, string? until, string? store, string? staff, string? member, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        if (!IsMoment(since, books.Zone, out var from)) return WrongMoment(nameof(since));
        if (!IsMoment(until, books.Zone, out var before)) return WrongMoment(nameof(until));
        if ((store ?? staff ?? member) is not null && new[] { store, staff, member }.Any(id => id is not null && !FactForm.IsId(id)))
            return Refusal.WrongQuery("'store', 'staff' and 'member' are ids, as facts name them.");
        var place = page.After is null ? null : SalePlace.Parse(page.After);
        if (page.After is not null && place is null) return PageAsked.WrongCursor;
        var search = new SaleSearch(from, before, Store: store is null ? null : new StoreId(store), Staff: staff is null ? null : new StaffId(staff))
        {
            Member = member is null ? null : new MemberId(member),
        };
        var found = await books.NewestAsync(search, place, page.Limit, request.RequestAborted);
        return Reply.Fresh(request, new SaleList([.. found.Sales.Select(ItemOf)], found.HasOlder ? Cursor.Of(found.Sales[^1].Place.ToString()) : null));
    }

    private static SaleItem ItemOf(ListedSale sale) => new(
        sale.Id.Value, new DateTime(sale.At.Ticks, DateTimeKind.Utc), sale.Day, sale.Host == StoreId.Online ? Channel.Online : Channel.Store, (long)sale.Sold, (long)sale.Net,
        [.. sale.Credited.Select(staff => staff.Value)], sale.Host == StoreId.Online ? null : sale.Host.Value, sale.Member?.Value, sale.Staff?.Value);

    private static Refusal WrongMoment(string name) =>
        Refusal.WrongQuery($"'{name}' is a date such as 2026-01-31, or a time with its offset such as 2026-01-31T18:00:00%2B08:00 (a '+' is written %2B in an address).");

    /// <summary>A date means its first moment in the brand's time zone.</summary>
    private static bool IsMoment(string? text, Zone zone, out Instant? moment)
    {
        moment = null;
        if (text is null) return true;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day))
        {
            moment = SaleSearch.StartOf(zone, day);
            return true;
        }
        if (!Instant.TryParse(Encoding.UTF8.GetBytes(text), out var instant)) return false;
        moment = instant;
        return true;
    }
}
