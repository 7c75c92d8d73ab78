using System.Net;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>
/// What is held about a person, on one page of HTML that they can read on a phone and print: no scripts, nothing fetched from anywhere. Every
/// text that comes from the data is escaped. It is written in order, and sent on whenever enough has gathered.
/// </summary>
internal sealed class MemberPaper(HeldData held, Texts t)
{
    private const string Style =
        """
        body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:60rem;color:#1b2330;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{margin:.25rem 0}
        div{overflow-x:auto}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #ccd3dd;min-width:4.5rem}td:first-child{min-width:7rem}
        th{font-weight:600;white-space:nowrap}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        @media print{body{padding:0;max-width:none;font-size:11px}div{overflow:visible}tr{break-inside:avoid}thead{display:table-header-group}}
        """;

    private readonly StringBuilder _html = new();
    private readonly Show _show = new(t.Language, held.Currency);
    private bool _inTable;

    /// <summary>Letters that wait to be sent.</summary>
    public int Length => _html.Length;

    public async Task SendAsync(Stream to, CancellationToken stop)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(_html.ToString()), stop);
        _html.Clear();
    }

    /// <summary>All but services and purchases.</summary>
    public void Begin()
    {
        var title = t["export.title", held.Names.Brand ?? "Tokamak"];
        Add($"""<!doctype html><html lang="{t.Language.Code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">""");
        Add("""<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'"><meta name="robots" content="noindex">""");
        Add($"<title>{E(title)}</title><style>{Style}</style></head><body><h1>{E(title)}</h1>");
        Paragraph(t["export.read", At(held.ReadAt), held.Zone.Name]);
        Paragraph(t["export.ids", string.Join(t["list.comma"], held.Ids)]);
        if (held.Erasure is { ErasedOn: { } gone }) Paragraph(t["export.erased", _show.Day(gone)]);
        else if (held.Erasure is { } asked) Paragraph(t["export.due", _show.Day(asked.DueOn)]);

        Table(t["export.people"], [t["export.name"], t["export.birthday"], t["export.language"], t["export.joined"], t["export.channel"], t["store.label"]]);
        foreach (var person in held.People)
            Row(person.Name, person.Birthday is { } day ? _show.Day(day) : null, person.Language, At(person.JoinedAtTicks), Channel(person.Channel), person.Store is null ? null : held.Names.StoreName(new StoreId(person.Store)));
        Table(t["export.keys"], [t["export.kind"], t["export.value"], t["export.since"], t["export.proved"]]);
        foreach (var key in held.Keys) Row(Kind((KeyKind)key.Kind), key.Value, At(key.AddedAtTicks), key.ProvedAtTicks is { } proved ? At(proved) : t["export.unproved"]);
        Table(t["export.consents"], [t["export.purpose"], t["export.said"], t["export.wording"], t["export.channel"], t["day"]]);
        foreach (var said in held.Consents) Row(said.Purpose, said.Given ? t["export.agreed"] : t["export.refused"], said.Wording, Channel(said.Channel), At(said.AtTicks));
        Table(t["export.merges"], [t["export.from"], t["export.into"], t["day"]]);
        foreach (var merge in held.Merges) Row(merge.From.Value, merge.Into.Value, At(merge.At));
        EndTable();
        Heading(t["export.belongs"]);
        Paragraph(Belongs());
    }

    public void BeginServices() => Table(t["export.services"], [t["day"], t["export.kind"], t["store.label"], t["export.clerk"]]);

    public void Write(ServiceFact service) => Row(At(service.At), service.Kind, held.Names.StoreName(service.Store), Clerk(service.Staff));

    public void BeginPurchases() =>
        Table(t["export.purchases"], [t["day"], t["sale.label"], t["store.label"], t["export.goods"], t["export.quantity"], t["export.kept"]], t["export.price"], t["export.left"]);

    /// <summary>A row for each line of it.</summary>
    public void Write(HeldPurchase purchase)
    {
        var where = purchase.Fact.Store is { } store ? held.Names.StoreName(store) : t["store.online"];
        foreach (var line in purchase.Lines)
            Row(
                [At(purchase.Fact.At), purchase.IsVoided ? t["export.voided", purchase.Fact.Id.Value] : purchase.Fact.Id.Value, where, line.Sold.Category, _show.Count(line.Sold.Quantity), _show.Count(line.Kept)],
                _show.Money(line.Sold.Net), _show.Money(line.Net));
    }

    public void End()
    {
        EndTable();
        Add("</body></html>\n");
    }

    private void Table(string title, string?[] heads, params string[] figures)
    {
        EndTable();
        Heading(title);
        Add("<div><table><thead><tr>");
        foreach (var head in heads) Add($"<th>{E(head)}</th>");
        foreach (var head in figures) Add($"""<th class="n">{E(head)}</th>""");
        Add("</tr></thead><tbody>");
        _inTable = true;
    }

    private void EndTable()
    {
        if (_inTable) Add("</tbody></table></div>");
        _inTable = false;
    }

    private void Row(params string?[] cells) => Row(cells, []);

    private void Row(string?[] cells, params string[] figures)
    {
        Add("<tr>");
        foreach (var cell in cells) Add($"<td>{E(cell ?? t["none"])}</td>");
        foreach (var figure in figures) Add($"""<td class="n">{E(figure)}</td>""");
        Add("</tr>\n");
    }

    private void Heading(string text) => Add($"<h2>{E(text)}</h2>");

    private void Paragraph(string text) => Add($"<p>{E(text)}</p>");

    private string Belongs() => held.Binding switch
    {
        { Declined: true } => t["export.belongs.declined"],
        { Binding: { } binding } => t["export.belongs.to", Clerk(binding.Staff) ?? t["none"], held.Names.StoreName(binding.Store), At(binding.BoundAt), _show.Day(binding.ExpiresOn)],
        _ => t["export.belongs.nobody"],
    };

    private string? Clerk(StaffId? staff) => staff is { } id ? held.Names.StaffName(id) : null;

    private string At(long ticks) => At(new Instant(ticks));

    private string At(Instant at) => _show.Moment(at, held.Zone);

    private string Kind(KeyKind kind) => kind switch
    {
        KeyKind.Phone => t["export.key.phone"],
        KeyKind.Email => t["export.key.email"],
        KeyKind.Line => t["export.key.line"],
        KeyKind.Card => t["export.key.card"],
        KeyKind.Foreign => t["export.key.foreign"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private string Channel(MemberChannel channel) => channel switch
    {
        MemberChannel.Store => t["channel.store"],
        MemberChannel.Web => t["export.channel.web"],
        MemberChannel.App => t["export.channel.app"],
        MemberChannel.Clerk => t["export.clerk"],
        MemberChannel.Import => t["export.channel.import"],
        MemberChannel.System => t["export.channel.system"],
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };

    private void Add(string html) => _html.Append(html);

    private static string E(string? text) => WebUtility.HtmlEncode(text ?? "");
}
