using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Drafting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>Drafts tried on the brand's own past: what was asked, and a form to ask.</summary>
public sealed partial class SimulationsPage(TimeProvider time)
{
    private const int UsualMonths = 3;

    /// <summary>Numbers that people vary most; any other of the draft can be named as well.</summary>
    private static readonly string[] Numbers =
    [
        "services[sign-up].lockDays", "services[qr-scan].lockDays", "services[store-sale].lockDays", "services[app-install].lifeDays", "decay[0].days", "decay[0].percent", "decay[1].percent", "linkDays",
        "split[online].shares.owner", "split[online].shares.closer", "split[online].shares.handover", "rates[owner].rate", "rates[closer].rate", "staffPercent", "capPerMonth", "holdDays.store", "holdDays.online", "clawbackDays",
    ];

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery] private string? Draft { get; set; }
    [SupplyParameterFromForm(FormName = "ask", Name = "Typed")] private Fields? Typed { get; set; }

    private bool Ready { get; set; }
    private IReadOnlyList<SimulationRow> Listed { get; set; } = [];
    private IReadOnlyList<PolicyDraftRow> Drafts { get; set; } = [];
    private IReadOnlyList<Month> Months { get; set; } = [];
    private Month UsualFrom { get; set; }
    private Month UsualTo { get; set; }
    private string? Bad { get; set; }
    private bool MayAsk => Permissions.SeesAll(Viewer);
    private Zone Zone => Books.PolicyOrNone?.Zone ?? Zone.Utc;

    protected override async Task OnInitializedAsync()
    {
        Listed = await Simulations.ListAsync(Books.Turn, Request.RequestAborted);
        if (Books.PolicyOrNone is not null)
        {
            var figures = (await Books.MonthsAsync(Request.RequestAborted)).Figures;
            Months = [.. figures.TradeMonths.TakeLast(CheckSimulation.MostMonths).Reverse()];
            UsualTo = figures.LastFull;
            UsualFrom = Months.LastOrDefault(month => month.Index > UsualTo.Index - UsualMonths, UsualTo);
            var drafts = await Drafting.Drafts.ListAsync(Books.Turn, Request.RequestAborted);
            Drafts = [.. drafts.Where(draft => PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes(draft.Body), Brands.Zones.Find, []) is not null)];
            // Another in its place would be tried unseen.
            if (MayAsk && Typed is null && Draft is { } asked && !Drafts.Any(draft => draft.Id == asked))
                Bad = drafts.FirstOrDefault(draft => draft.Id == asked) is { } faulty ? T["simulations.draft.faulty", faulty.Name] : T["simulations.draft.gone"];
        }
        Ready = true;
    }

    private async Task AskAsync()
    {
        if (!MayAsk || AskedOf() is not { } asked) return;
        string id;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            id = await Simulations.AskAsync(turn, asked, Viewer.Account.ToString(), new Instant(time.GetUtcNow().UtcTicks), Request.RequestAborted);
            await turn.CommitAsync(CancellationToken.None);
        }
        Runner.Begin(Books.Database.Name, id);
        Address.NavigateTo($"/simulations/{id}");
    }

    /// <summary>What was typed; null where something of it cannot be, which is said.</summary>
    private SimulationAsked? AskedOf()
    {
        if (Drafts.FirstOrDefault(draft => draft.Id == Typed?.Draft) is not { } draft) Bad = T["simulations.wrong.draft"];
        else if (!Month.TryParse(Typed!.From, out var from) || !Month.TryParse(Typed.To, out var to)) Bad = WordsOf(SimulationPart.Months, []);
        else if (!IsWhole(Typed.Budget, out var budget)) Bad = WordsOf(SimulationPart.Budget, []);
        else if (!IsWhole(Typed.Losers, out var losers) || losers is null or > CheckSimulation.MostPercent) Bad = WordsOf(SimulationPart.Losers, []);
        else if (ValuesOf(Typed.Values) is not { } values) Bad = WordsOf(SimulationPart.Values, []);
        else
        {
            var vary = string.IsNullOrWhiteSpace(Typed.Vary) ? null : Typed.Vary.Trim();
            var asked = new SimulationAsked(draft.Name, draft.Id, draft.Body, new Stretch(from, to), new Questions((int)losers.Value, budget), vary, values);
            var faults = new List<Fault>();
            if (CheckSimulation.Of(asked, Books.Policy, faults) is not [var wrong, ..]) return asked;
            Bad = WordsOf(wrong, faults);
        }
        return null;
    }

    private string WordsOf(SimulationPart part, IEnumerable<Fault> faults) => part switch
    {
        SimulationPart.Months => T["simulations.wrong.months", Show.Count(CheckSimulation.MostMonths)],
        SimulationPart.Budget => T["simulations.wrong.budget"],
        SimulationPart.Losers => T["simulations.wrong.losers"],
        SimulationPart.Values => T["simulations.wrong.values", Show.Count(Simulations.MostValues)],
        SimulationPart.Policy or SimulationPart.Vary => T["simulations.wrong.draft.because", string.Join("; ", faults.Take(3).Select(fault => fault.ToString()))],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private static bool IsWhole(string? typed, out long? number)
    {
        number = null;
        var text = (typed ?? "").Trim();
        if (text.Length == 0) return true;
        if (!long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var whole) || whole < 0) return false;
        number = whole;
        return true;
    }

    /// <returns>Null: no list of whole numbers.</returns>
    private static List<long>? ValuesOf(string? typed)
    {
        var texts = (typed ?? "").Split([',', '、', '，', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var values = new List<long>();
        foreach (var text in texts)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return null;
            values.Add(value);
        }
        return values;
    }

    private sealed class Fields
    {
        public string? Draft { get; set; }
        public string? From { get; set; }
        public string? To { get; set; }
        public string? Budget { get; set; }
        public string? Losers { get; set; }
        public string? Vary { get; set; }
        public string? Values { get; set; }
    }
}
