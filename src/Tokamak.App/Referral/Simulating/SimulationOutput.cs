using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>The files of a simulation: rows as CSV, all of it as JSON, and what it comes to in a few lines.</summary>
internal static class SimulationOutput
{
    private const string Money = "credit_before,credit_after,earned_before,earned_after,staff_pay_before,staff_pay_after,store_pool_before,store_pool_after,bounties_before,bounties_after,commission_change";
    private const int Shown = 5;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters =
        {
            new AsText<StaffId>(text => new(text)), new AsText<StoreId>(text => new(text)), new AsText<FactId>(text => new(text)),
            new AsText<Month>(text => Month.TryParse(text, out var month) ? month : throw new JsonException($"'{text}' is no month")),
            new JsonStringEnumConverter<Channel>(JsonNamingPolicy.KebabCaseLower), new JsonStringEnumConverter<MemberGroup>(JsonNamingPolicy.KebabCaseLower),
        },
    };

    /// <summary>Writes beside their places and moves there once all are whole.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, SimulationResult result)
    {
        folder = Directory.CreateDirectory(folder).FullName;
        var files = Texts(result).ToList();
        foreach (var (name, text) in files) File.WriteAllText(Unfinished(name), text, new UTF8Encoding(false));
        foreach (var (name, _) in files) File.Move(Unfinished(name), Path.Combine(folder, name), overwrite: true);
        if (result.Curve.Count == 0) File.Delete(Path.Combine(folder, "curve.csv"));

        string Unfinished(string name) => Path.Combine(folder, $".{name}.unfinished");
    }

    /// <summary>All of it as JSON: money as whole numbers, ids and months as texts.</summary>
    public static string ToJson(SimulationResult result) => JsonSerializer.Serialize(result, Json) + "\n";

    /// <summary>Only the departments of what <see cref="ToJson"/> wrote, without its clerks.</summary>
    public static IReadOnlyList<ChangeOf<string>> DepartmentsOf(string json) => JsonSerializer.Deserialize<OnlyReport>(json, Json)!.Report.Departments;

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    public static SimulationResult OfJson(string json) => JsonSerializer.Deserialize<SimulationResult>(json, Json)!;

    public static string Summary(SimulationResult result)
    {
        var report = result.Report;
        var (before, after) = (report.Total.Before, report.Total.After);
        var text = new StringBuilder();
        Line($"{report.Stretch.From} to {report.Stretch.To}: {report.Sold.Sales:N0} sales, net {report.Sold.Net:N0}");
        Line($"commission: {before.Commission:N0} before, {after.Commission:N0} after ({after.Commission - before.Commission:+#,0;-#,0;0}); {Percent(report.ShareBeforeBps)} of sales before, {Percent(report.ShareAfterBps)} after");
        Line($"of it staff: {before.StaffPay:N0} before, {after.StaffPay:N0} after; stores: {before.StorePool:N0}, {after.StorePool:N0}; bounties: {before.Bounties:N0}, {after.Bounties:N0}");
        foreach (var department in report.Departments) Line($"credit of {(department.Key == Comparing.OnlineShop ? "the online shop" : "the stores")}: {department.Before.Credit:N0} before, {department.After.Credit:N0} after");
        Line($"take-home pay of {report.SpreadAfter.Clerks:N0} clerks: quartiles {Quartiles(report.SpreadBefore)} before, {Quartiles(report.SpreadAfter)} after; Gini {Bps(report.SpreadBefore.GiniBps)} before, {Bps(report.SpreadAfter.GiniBps)} after");
        Line($"lose more than {report.Losers.BeyondPercent} %: {report.Losers.Clerks.Count:N0} clerks");
        foreach (var mover in report.Movers.Take(Shown))
            Line($"  {mover.Staff}: {mover.Before.TakeHome:N0} before, {mover.After.TakeHome:N0} after{(mover.Example is { } sale ? $"; see sale {sale.Sale}" : "")}");
        if (report.Budget is { } budget) Line($"the budget of {budget.Allowed:N0} is {(budget.IsKept ? "kept" : "exceeded")} by {Int128.Abs(budget.Left):N0}");
        foreach (var point in result.Curve) Line($"{result.Vary} {point.Value}: commission {point.Commission:N0}, Gini {Bps(point.GiniBps)}, {point.Losers:N0} clerks lose");
        return text.ToString();

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
    }

    public static string ClerksCsv(SimulationReport report) => Csv($"staff,{Money},example_sale,example_before_e4,example_after_e4", report.Clerks.Select(Row));

    private static IEnumerable<(string Name, string Text)> Texts(SimulationResult result)
    {
        var report = result.Report;
        yield return ("departments.csv", Csv($"department,{Money}", report.Departments.Select(d => Row(d.Key, d.Before, d.After))));
        yield return ("stores.csv", Csv($"store,{Money}", report.Stores.Select(s => Row(s.Key.Value, s.Before, s.After))));
        yield return ("clerks.csv", ClerksCsv(report));
        yield return ("movers.csv", Csv($"staff,{Money},example_sale,example_before_e4,example_after_e4", report.Movers.Select(Row)));
        yield return ("losers.csv", Csv($"staff,{Money},example_sale,example_before_e4,example_after_e4", report.Losers.Clerks.Select(Row)));
        yield return ("groups.csv", Csv($"channel,group,sales,net,{Money}", report.Segments.Select(s =>
            Row(Text($"{Word(s.Channel)},{Word(s.Group)},{s.Sold.Sales},{s.Sold.Net}"), s.Before, s.After))));
        if (result.Curve.Count > 0)
            yield return ("curve.csv", Csv("value,commission,share_bps,staff_pay,store_pool,bounties,gini_bps,losers", result.Curve.Select(p =>
                Text($"{p.Value},{p.Commission},{p.ShareBps},{p.StaffPay},{p.StorePool},{p.Bounties},{p.GiniBps},{p.Losers}"))));
        yield return ("simulation.json", ToJson(result));
        yield return ("summary.txt", Summary(result));
    }

    private static string Csv(string header, IEnumerable<string> rows) => string.Concat(rows.Prepend(header).Select(row => row + "\n"));

    private static string Row(ClerkChange clerk) =>
        Row(clerk.Staff.Value, clerk.Before, clerk.After) + (clerk.Example is { } sale ? Text($",{sale.Sale},{sale.BeforeE4},{sale.AfterE4}") : ",,,");

    private static string Row(string key, in Figures before, in Figures after) => Text(
        $"{key},{before.Credit},{after.Credit},{before.Earned},{after.Earned},{before.StaffPay},{after.StaffPay},{before.StorePool},{after.StorePool},{before.Bounties},{after.Bounties},{after.Commission - before.Commission}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Word<T>(T word) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(word.ToString());

    private static string Quartiles(Spread spread) => Text($"{spread.LowerQuartile:N0} / {spread.Median:N0} / {spread.UpperQuartile:N0}");

    private static string Percent(Int128 bps) => Text($"{bps / 100}.{bps % 100:00} %");

    private static string Bps(int bps) => Text($"{bps / 10_000}.{bps % 10_000:0000}");

    private sealed record OnlyReport(OnlyDepartments Report);

    private sealed record OnlyDepartments(IReadOnlyList<ChangeOf<string>> Departments);

    /// <summary>An id or a month as the text it is written as.</summary>
    private sealed class AsText<T>(Func<string, T> read) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
