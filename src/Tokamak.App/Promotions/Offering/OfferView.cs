using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Promotions.Previewing;

namespace Tokamak.App.Promotions.Offering;

/// <summary>An offer as its page shows it: the form as it stands, what that comes to, and how it does on sample carts.</summary>
public sealed class OfferView
{
    private readonly OfferFaults _faults;
    private readonly Show _show;
    private readonly Texts _t;
    private readonly Lazy<ILookup<string, Fault>> _byField;

    /// <param name="id">The offer's.</param>
    /// <param name="form">As it was typed.</param>
    /// <param name="held">The book it will stand in.</param>
    /// <param name="names">Of stores.</param>
    /// <param name="mayEdit">Whether the person may.</param>
    /// <param name="now">Samples are bought from now on.</param>
    /// <param name="t">Of the person's language.</param>
    /// <param name="show">Of the brand's currency.</param>
    public OfferView(string id, OfferForm form, HeldOffers held, BrandNames names, bool mayEdit, Instant now, Texts t, Show show)
    {
        (Form, MayEdit, _t, _show, _faults) = (form, mayEdit, t, show, new OfferFaults(t, show));
        Body = OfferJson.Write(form, id, new OfferFrame(held.Book.Zone, show.Currency.Decimals));
        Check = OfferText.Check(id, Body);
        Words = new OfferWords(held.Book.Zone, names, t, show);
        if (Check.Offer is { } offer)
        {
            Preview = OfferPreview.Of(held.Book, offer, now, TypedNumber.TryRead(form.SamplePrice, show.Currency.Decimals, out var price) && price > 0 ? price : null);
            Samples = new PreviewWords(held.Book with { Offers = [.. held.Book.Offers.Where(other => other.Id != id), offer] }, t, show);
        }
        _byField = new(() => Check.Faults.ToLookup(fault => OfferPaths.FieldOf(fault.Path ?? "$")));
    }

    public OfferForm Form { get; }
    public bool MayEdit { get; }

    /// <summary>As it would be stored, sound or not.</summary>
    public string Body { get; }

    public CheckedOffer Check { get; }
    public OfferWords Words { get; }

    /// <summary>Null while something is wrong.</summary>
    public OfferPreview? Preview { get; }

    /// <inheritdoc cref="Preview"/>
    public PreviewWords? Samples { get; }

    public IEnumerable<string> FaultsAt(string field) => _byField.Value[field].Select(fault => _faults.Of(field, fault)).Distinct();

    /// <summary>Everything that is wrong, with the field that each stands at.</summary>
    public IReadOnlyList<(string Field, string Text)> Faults =>
        [.. _byField.Value.SelectMany(at => FaultsAt(at.Key).Select(text => (at.Key, Row(at.Key) is { } row ? _t["drafts.row", _show.Count(row), text] : text)))];

    /// <summary>The id of a field's element.</summary>
    public static string IdOf(string field) => "o-" + string.Concat(field.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Replace("--", "-", StringComparison.Ordinal).TrimEnd('-');

    private static int? Row(string field) =>
        field.IndexOf('[', StringComparison.Ordinal) is var open and > 0 && int.TryParse(field.AsSpan(open + 1, field.IndexOf(']', StringComparison.Ordinal) - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row + 1 : null;
}
