using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What a draft would have made of the past, beside what the policy in force made of it.</summary>
public sealed partial class SimulationPage(TimeProvider time)
{
    [Parameter] public string Id { get; set; } = "";
    [CascadingParameter] private HttpContext Request { get; set; } = null!;

    private SimulationRow? Row { get; set; }
    private SimulationResult? Result { get; set; }
    private Stretch Stretch => Simulations.StretchOf(Row!);
    private SimulationProgress? Progress => Runner.ProgressOf(Id);
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private List<string> CurveValues => [.. Result!.Curve.Select(point => Show.Count(point.Value))];

    protected override async Task OnInitializedAsync()
    {
        Row = await Simulations.FindAsync(Books.Turn, Id, Request.RequestAborted);
        if (Row is null)
        {
            Address.NotFound();
            return;
        }
        Result = Row is { State: SimulationState.Done, Result: { } json } ? SimulationOutput.OfJson(json) : null;
        if (Result is not null) await Audit.WriteAsync(Request, AuditKind.PayRead, $"/simulations/{Row.Id}", Row.Name);
    }

    private async Task StopAsync()
    {
        await using var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted);
        await Simulations.StopAsync(turn, Id, new Instant(time.GetUtcNow().UtcTicks), Request.RequestAborted);
        await turn.CommitAsync(CancellationToken.None);
        Address.NavigateTo($"/simulations/{Id}");
    }

    private static string GiniOf(Spread spread) => (spread.GiniBps / 10_000m).ToString("0.000", CultureInfo.InvariantCulture);

    private IEnumerable<(string Name, Int128 Before, Int128 After)> Quartiles(SimulationReport report)
    {
        var (before, after) = (report.SpreadBefore, report.SpreadAfter);
        return
        [
            (T["simulation.spread.least"], before.Least, after.Least), (T["simulation.spread.lower"], before.LowerQuartile, after.LowerQuartile),
            (T["simulation.spread.median"], before.Median, after.Median), (T["simulation.spread.upper"], before.UpperQuartile, after.UpperQuartile), (T["simulation.spread.most"], before.Most, after.Most),
        ];
    }
}
