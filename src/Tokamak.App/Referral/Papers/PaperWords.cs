using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Papers;

/// <summary>What every paper says: whose it is, whether it is final, from what it was made.</summary>
internal sealed class PaperWords(Texts t, Show show, PaperOrigin origin)
{
    public TraceWords Said { get; } = new(origin.Names, t, show);
    public BrandNames Names => origin.Names;
    public string Brand => origin.Names.Brand ?? "Tokamak";
    public string Status => origin.FrozenSha256 is null ? t["paper.open"] : t["paper.closed"];
    public string Unit => t["paper.unit", show.Currency.Sign];

    public string Store(StoreId store) => store == StoreId.Online ? t["store.online"] : origin.Names.StoreName(store);

    public string Days(Month period) => t["paper.days", Day(period.FirstDay), Day(period.LastDay)];

    public string Position(int page, int pages) => t["pager.position", show.Count(page), show.Count(pages)];

    public void Notes(PaperFlow flow, IEnumerable<int> versions)
    {
        flow.Need(50);
        flow.Space(6);
        var numbers = versions.Distinct().Order().Select(version => show.Count(version)).ToList();
        if (numbers.Count > 0) flow.Paragraph(t["paper.policy", string.Join(t["list.then"], numbers)], small: true);
        flow.Paragraph(t["paper.made", show.Moment(origin.MadeAt, origin.Zone), origin.Zone.Name], small: true);
        flow.Paragraph(origin.FrozenSha256 is { } hash ? t["paper.hash", hash] : t["paper.open.note"], small: true);
        if (flow.Document.Lacking is { Count: > 0 } lacking)
            flow.Paragraph(t["paper.lacking", string.Join(t["list.then"], lacking.Select(codePoint => "U+" + codePoint.ToString("X4", CultureInfo.InvariantCulture))), char.ConvertFromUtf32(FontSubset.Stand)], small: true);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
