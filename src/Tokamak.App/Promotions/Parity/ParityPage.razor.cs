using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Referral;

namespace Tokamak.App.Promotions.Parity;

/// <summary>Where channels and stores differ in price at a moment, which offer causes it, and what of it is meant.</summary>
public sealed partial class ParityPage(TimeProvider time)
{
    private const string MomentForm = "yyyy-MM-dd'T'HH:mm";
    private const int MostShown = 100, MostInBasket = 4;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "at")] private string? Asked { get; set; }
    [SupplyParameterFromForm(FormName = "mark")] private Mark? Marked { get; set; }

    private ParityReport? Report { get; set; }
    private Instant At { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private bool MayMark => Viewer.Role == AccountRole.Hq;

    private sealed class Mark
    {
        public string? Offer { get; set; }
        public string? Until { get; set; }
    }

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        await using var turn = await Database.BeginReadAsync(Request.RequestAborted);
        var held = await OfferBooks.ReadAsync(turn, Request.RequestAborted);
        At = Now;
        if (DateTime.TryParseExact(Asked, MomentForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) At = held.Book.Zone.InstantOf(local);
        else if (!string.IsNullOrEmpty(Asked)) Bad = T["parity.at.wrong"];
        Report = await ReadParity.RunAsync(turn, held, At, Request.RequestAborted);
    }

    private async Task MarkAsync()
    {
        if (!MayMark || Report is not { } report)
        {
            Bad = T["parity.mayonlyread"];
            return;
        }
        if (Marked?.Offer is not { } offer || !report.Book.Offers.Any(one => one.Id == offer))
        {
            Bad = T["parity.offer.gone"];
            return;
        }
        Instant? until = null;
        if (!string.IsNullOrEmpty(Marked.Until))
        {
            if (!DateOnly.TryParseExact(Marked.Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < report.Book.Zone.DayOf(Now) || day.Year > 9000)
            {
                Bad = T["parity.until.wrong"];
                return;
            }
            until = report.Book.Zone.InstantOf(day.AddDays(1).ToDateTime(TimeOnly.MinValue));
        }
        await using (var turn = await Database.BeginWriteAsync(Request.RequestAborted))
        {
            await ReadParity.MarkAsync(turn, offer, until, Viewer.Account, Now, Request.RequestAborted);
            await turn.CommitAsync(Request.RequestAborted);
        }
        await Audit.WriteAsync(Request, until is null ? AuditKind.ParityUnmarked : AuditKind.ParityMarked, offer, Marked.Until);
        Good = until is null ? T["parity.unmarked"] : T["parity.marked"];
        await ReadAsync();
    }

    private string Typed(Instant at) => new DateTime(at.Ticks + (Report!.Book.Zone.OffsetSecondsAt(at) * TimeSpan.TicksPerSecond)).ToString(MomentForm, CultureInfo.InvariantCulture);

    /// <summary>A, B … Z, AA: what heads the columns of prices.</summary>
    private static string LetterOf(int number) => (number >= 26 ? LetterOf((number / 26) - 1) : "") + (char)('A' + (number % 26));

    private string NameOf(string offer) => Report!.Book.Offers.FirstOrDefault(one => one.Id == offer) is { } found && PreviewWords.NameOf(found.Name, T.Language) is { Length: > 0 } name ? name : offer;

    private string NameOf(SalesPlace place) => place.Store is { } store ? Brand.StoreName(new StoreId(store)) : place.Channel switch
    {
        "online" => T["parity.channel.online"],
        "app" => T["parity.channel.app"],
        var other => other,
    };

    private static string WhatOf(Cart cart)
    {
        var goods = cart.Lines.Select(line => line.Quantity == 1 ? line.Sku : string.Create(CultureInfo.InvariantCulture, $"{line.Sku} × {line.Quantity}")).ToList();
        return string.Join(", ", goods.Take(MostInBasket)) + (goods.Count > MostInBasket ? ", …" : "");
    }
}
