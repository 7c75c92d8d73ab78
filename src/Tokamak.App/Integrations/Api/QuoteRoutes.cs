using System.Globalization;
using System.Text;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Promotions;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Promotions.Quoting;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// Prices carts for tills, shops and apps. POST says a price and holds nothing; PUT holds it, with the limited uses it rests on, under the caller's
/// own id, so that to send it again, or another cart, takes its place; what is held can be committed into a sale at its price.
/// </summary>
public sealed class QuoteRoutes(Databases databases, OfferShelf shelf, OtherNodes nodes, BodyRoom room, TimeProvider time)
{
    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<QuoteRoutes>();
        app.MapGet($"{root}/offers", routes.OffersAsync);
        app.MapPost($"{root}/quotes", routes.PriceAsync);
        app.MapPut($"{root}/quotes/{{id}}", routes.HoldAsync);
        app.MapGet($"{root}/quotes/{{id}}", routes.ShowAsync);
        app.MapDelete($"{root}/quotes/{{id}}", routes.ReleaseAsync);
        app.MapPost($"{root}/quotes/{{id}}/commit", routes.CommitAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task OffersAsync(HttpContext request)
    {
        await using var turn = await (await BrandOf(request)).BeginReadAsync(request.RequestAborted);
        var held = await shelf.OfAsync(Visit.Of(request).Brand!, turn, request.RequestAborted);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("edition"u8, held.Edition);
            json.WriteString("engine"u8, QuoteRules.Engine);
            json.WritePropertyName("book"u8);
            json.WriteRawValue(OfferText.Document(held.Terms, held.Book.Offers.Select(offer => held.Latest[offer.Id].Body!)).Span);
        });
    }

    private async Task PriceAsync(HttpContext request)
    {
        if (await CartAsync(request) is not { } sent) return;
        PricedCart priced;
        await using (var turn = await (await BrandOf(request)).BeginReadAsync(request.RequestAborted))
            priced = await HeldQuotes.PriceAsync(turn, await shelf.OfAsync(Visit.Of(request).Brand!, turn, request.RequestAborted), sent.Cart, Now, request.RequestAborted);
        await AnswerAsync(request, priced, null, null);
    }

    private async Task HoldAsync(HttpContext request)
    {
        if (await IdAsync(request, after: 0) is not { } id || await ValidityAsync(request) is not { } validity || await CartAsync(request) is not { } sent) return;
        var now = Now;
        if (Math.Abs(sent.Cart.At.Ticks - now.Ticks) > HeldQuotes.ClocksDiffer.Ticks)
        {
            await WrongAsync(request, [new("#/at", $"A price is held for a sale that is made now: 'at' may differ from our clock, {now}, by {HeldQuotes.ClocksDiffer.TotalMinutes:0} minutes. Check the clock of whoever sent it.")]);
            return;
        }
        var until = new Instant(now.Ticks + validity.Ticks);
        PricedCart? priced;
        await using (var turn = await (await BrandOf(request)).BeginWriteAsync(request.RequestAborted))
        {
            priced = await HeldQuotes.HoldAsync(turn, await shelf.OfAsync(Visit.Of(request).Brand!, turn, request.RequestAborted), id, sent.Cart, sent.Json, now, until, request.RequestAborted);
            if (priced is not null) await turn.CommitAsync(request.RequestAborted);
        }
        if (priced is null) await Problem.WriteAsync(request, StatusCodes.Status409Conflict, "committed", $"The quote {id} has become a sale; take another id for another cart.");
        else await AnswerAsync(request, priced, id, until);
    }

    private async Task ShowAsync(HttpContext request)
    {
        if (await IdAsync(request, after: 0) is not { } id) return;
        await using var turn = await (await BrandOf(request)).BeginReadAsync(request.RequestAborted);
        if (await HeldQuotes.FindAsync(turn, id, request.RequestAborted) is not { } row)
        {
            await NoSuch(id).ExecuteAsync(request);
            return;
        }
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("id"u8, row.Id);
            json.WriteString("status"u8, row.Sale is not null ? "committed"u8 : Now.Ticks < row.UntilTicks ? "held"u8 : "expired"u8);
            if (row.Sale is not null) json.WriteString("sale"u8, row.Sale);
            json.WriteString("until"u8, new Instant(row.UntilTicks).ToString());
            json.WriteNumber("edition"u8, row.Edition);
            json.WriteString("engine"u8, row.Engine);
            json.WritePropertyName("cart"u8);
            json.WriteRawValue(row.Cart);
            json.WritePropertyName("result"u8);
            json.WriteRawValue(row.Result);
        });
    }

    private async Task ReleaseAsync(HttpContext request)
    {
        if (await IdAsync(request, after: 0) is not { } id) return;
        await using (var turn = await (await BrandOf(request)).BeginWriteAsync(request.RequestAborted))
        {
            await HeldQuotes.ReleaseAsync(turn, id, Now, request.RequestAborted);
            await turn.CommitAsync(request.RequestAborted);
        }
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CommitAsync(HttpContext request)
    {
        if (!await Answers.IsJsonAsync(request) || await IdAsync(request, after: 1) is not { } id) return;
        using var body = await RequestBody.ReadAsync(request, room);
        if (body is null) return;
        QuoteRow? row;
        await using (var turn = await (await BrandOf(request)).BeginReadAsync(request.RequestAborted)) row = await HeldQuotes.FindAsync(turn, id, request.RequestAborted);
        if (row is null)
        {
            await NoSuch(id).ExecuteAsync(request);
            return;
        }
        var wrong = new List<ProblemPlace>();
        if (SoldQuote.Of(row, Answers.WithoutMark(body.Bytes), Now, wrong) is not { } sale)
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-sale", wrong[0].Detail, wrong);
            return;
        }
        var bond = new QuoteBond(row, sale.Id.Value);
        if (await nodes.DecideAsync(request, Visit.Of(request).Brand!, body.Bytes, [new Part([new Arrival(sale, Visit.Of(request).Key!.Id)]) { Bond = bond }]) is not [var result]) return;
        await (result.Outcome switch
        {
            WriteOutcome.Decided => TakeOneFact.WriteAsync(request, sale.Id.Value, result.Answers[0]),
            WriteOutcome.MayNot => MayNotAsync(request, id, bond),
            _ => Answers.UndecidedAsync(request, result.Outcome),
        });
    }

    private static Task MayNotAsync(HttpContext request, string id, QuoteBond bond) => bond.Refusal switch
    {
        CommitRefusal.UsedUp => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "used-up", $"Others have used up {string.Join(", ", bond.UsedUp)}; price the cart anew, and tell the customer."),
        CommitRefusal.Expired => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "quote-expired", $"The price of {id} was held until {new Instant(bond.UntilTicks)}; price the cart anew."),
        CommitRefusal.OfAnotherSale => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "committed", $"The quote {id} has become another sale; take another id for another cart."),
        CommitRefusal.SaleOfAnother => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "committed", "That sale was made by another quote; give every sale an id of its own."),
        CommitRefusal.Changed => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "quote-changed", $"The quote {id} was priced anew meanwhile; look at it and send this again."),
        _ => NoSuch(id).ExecuteAsync(request),
    };

    private static Refusal NoSuch(string id) => Refusal.NotThere($"There is no quote {id}: it was let go, or its time was over a day ago. Price the cart anew.");

    private static Task AnswerAsync(HttpContext request, PricedCart priced, string? id, Instant? until) => ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
    {
        if (id is not null) json.WriteString("id"u8, id);
        if (until is { } moment) json.WriteString("until"u8, moment.ToString());
        json.WriteNumber("edition"u8, priced.Edition);
        json.WriteString("engine"u8, QuoteRules.Engine);
        QuoteJson.Fields(json, priced.Quote, ofLines: true);
        if (priced.Coupons.Count == 0) return;
        var texts = CouponRoutes.Said(request);
        json.WriteStartArray("coupons"u8);
        foreach (var coupon in priced.Coupons)
        {
            json.WriteStartObject();
            CouponJson.Write(json, coupon, "taken", texts);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <returns>Null: it is no cart, and that was answered.</returns>
    private async Task<(Cart Cart, string Json)?> CartAsync(HttpContext request)
    {
        if (!await Answers.IsJsonAsync(request)) return null;
        using var body = await RequestBody.ReadAsync(request, room);
        if (body is null) return null;
        var faults = new List<Fault>();
        var json = Answers.WithoutMark(body.Bytes);
        var cart = CartReader.Read(json, faults);
        if (cart is { UsedTotal.Count: > 0 }) faults.Add(new Fault("is counted by the brand's own books here; leave it out", Path: "$.usedTotal"));
        if (cart is { Member.Used.Count: > 0 }) faults.Add(new Fault("is counted by the brand's own books here; leave it out", Path: "$.member.used"));
        if (cart?.Coupons.Count > PresentedCoupons.MostCodes) faults.Add(new Fault($"holds {cart.Coupons.Count} codes; {PresentedCoupons.MostCodes} are the most", Path: "$.coupons"));
        if (cart is not null && faults.Count == 0) return (cart, Encoding.UTF8.GetString(json.Span));
        await WrongAsync(request, [.. faults.Select(fault => new ProblemPlace("#" + JsonPointer.Of(fault.Path), fault.Message))]);
        return null;
    }

    private static Task WrongAsync(HttpContext request, IReadOnlyList<ProblemPlace> wrong) =>
        Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-cart", $"The cart cannot be priced: {wrong[0].Place} {wrong[0].Detail}", wrong);

    private static async Task<TimeSpan?> ValidityAsync(HttpContext request)
    {
        if (request.Request.Query["minutes"] is not [var asked]) return HeldQuotes.Validity;
        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes >= 1 && minutes <= HeldQuotes.LongestValidity.TotalMinutes) return TimeSpan.FromMinutes(minutes);
        await Refusal.WrongQuery($"'minutes' is a whole number from 1 to {HeldQuotes.LongestValidity.TotalMinutes:0}.").ExecuteAsync(request);
        return null;
    }

    private static async Task<string?> IdAsync(HttpContext request, int after)
    {
        var id = Links.IdOf(request, after);
        if (FactForm.IsId(id)) return id;
        await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "refused", "The id of a quote is 1 to 100 characters without spaces, commas, quotation marks and control characters.");
        return null;
    }

    private Task<BrandDatabase> BrandOf(HttpContext request) => databases.BrandAsync(Visit.Of(request).Brand, request.RequestAborted);
}

/// <summary>Ties a held price to the sale that it becomes.</summary>
internal sealed class QuoteBond(QuoteRow quote, string sale) : IPartBond
{
    public IReadOnlyList<string> About { get; } = [$"quote {quote.Id}", $"sale {sale}"];
    public long UntilTicks => quote.UntilTicks;
    public CommitRefusal? Refusal { get; private set; }
    public IReadOnlyList<string> UsedUp { get; private set; } = [];

    public async Task<bool> MayAsync(Turn turn, Instant now, CancellationToken stop)
    {
        (Refusal, UsedUp) = await QuoteCommit.MayAsync(turn, quote.Id, sale, quote.Result, now, stop);
        return Refusal is null;
    }

    public Task DoneAsync(Turn turn, Instant now, CancellationToken stop) => QuoteCommit.DoneAsync(turn, quote.Id, sale, now, stop);
}
