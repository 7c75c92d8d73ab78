using System.Globalization;
using System.Net;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Clerks.Shifts;

/// <summary>A week's form as two people send it who do not know of each other.</summary>
public sealed class ShiftsPageTests(PostgresServer server)
{
    private const string Page = "/stores/S1/floor/shifts", Empty = "0,0,0,0,0,0,0";

    [Theory, EveryDatabase]
    public async Task Nobody_overwrites_what_they_have_not_seen_and_whoever_saves_again_means_it(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (monday, tuesday) = await PeopleAsync(world);
        var (manager, office) = (await world.SignedInAsync("gao"), await world.SignedInAsync("hana"));
        await manager.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", "8"), ($"{tuesday}.A", ""));

        // The office saw the empty week, too: its Tuesday would be fine, its Monday is not.
        var late = await office.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", "6"), ($"{tuesday}.A", "7.5"));
        Assert.Contains("Nothing was saved", late.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"6\"", late.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"7.5\"", late.Page, StringComparison.Ordinal);
        Assert.Contains("Now 8, by somebody else", late.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"480,0,0,0,0,0,0\"", late.Page, StringComparison.Ordinal);
        Assert.Equal(["A 480"], await StoredAsync(world));

        await office.SubmitAsync(Page, "shifts", ("seen.A", "480,0,0,0,0,0,0"), ($"{monday}.A", "6"), ($"{tuesday}.A", "7.5"));
        Assert.Equal(["A 360", "A 450"], await StoredAsync(world));
        Assert.Equal(["ShiftsSet S1", "ShiftsSet S1"], (await world.AuditAsync()).Where(entry => entry.What == AuditKind.ShiftsSet).Select(entry => $"{entry.What} {entry.About}"));
    }

    [Theory, EveryDatabase]
    public async Task A_wrong_time_loses_nothing_and_does_not_hide_what_another_changed_meanwhile(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (monday, tuesday) = await PeopleAsync(world);
        var (manager, office) = (await world.SignedInAsync("gao"), await world.SignedInAsync("hana"));
        await manager.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", "8"));

        // Monday was not touched by the office, so it shows what stands; Tuesday is kept as typed.
        var wrong = await office.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", ""), ($"{tuesday}.A", "25"));
        Assert.Contains("Type 0 to 24 hours", wrong.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"25\"", wrong.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"8\"", wrong.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"480,0,0,0,0,0,0\"", wrong.Page, StringComparison.Ordinal);
        Assert.Equal(["A 480"], await StoredAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task Who_only_looks_on_and_who_is_of_another_store_changes_nothing(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (monday, _) = await PeopleAsync(world);
        var finance = await world.SignedInAsync("fei");
        Assert.DoesNotContain("type=\"submit\">Save", (await finance.GetAsync(Page)).Page, StringComparison.Ordinal);
        await finance.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", "8"));
        // Somebody of another store is not in the week, whatever a form says.
        var manager = await world.SignedInAsync("gao");
        await manager.SubmitAsync(Page, "shifts", ("seen.B", Empty), ($"{monday}.B", "8"));
        var other = await manager.PostAsync("/stores/S2/floor/shifts", ("_handler", "shifts"));
        Assert.True(other.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest);
        Assert.Empty(await StoredAsync(world));
    }

    [Fact]
    public async Task A_week_is_copied_into_days_that_are_empty()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var (monday, tuesday) = await PeopleAsync(world);
        var manager = await world.SignedInAsync("gao");
        await manager.SubmitAsync(Page, "shifts", ("seen.A", Empty), ($"{monday}.A", "8"), ($"{tuesday}.A", "4"));
        var next = WeekOf(world).Next;
        await manager.SubmitAsync($"{Page}?week={next}", "shifts", ("seen.A", Empty), ($"{Text(next.FirstDay)}.A", "2"));
        await manager.SubmitAsync($"{Page}?week={next}", "copy");
        Assert.Equal(["A 120", "A 240", "A 240", "A 480"], await StoredAsync(world));
    }

    [Fact]
    public async Task A_form_is_of_the_week_that_it_showed_though_midnight_has_passed()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var (monday, _) = await PeopleAsync(world);
        var week = WeekOf(world);
        Assert.Contains($"name=\"week\" value=\"{week}\"", (await (await world.SignedInAsync("gao")).GetAsync(Page)).Page, StringComparison.Ordinal);
        world.Clock.Go(TimeSpan.FromDays(7));
        var manager = await world.SignedInAsync("gao");
        await manager.SubmitAsync(Page, "shifts", ("week", week.ToString()), ("seen.A", Empty), ($"{monday}.A", "8"));
        Assert.Equal(["A 480"], await StoredAsync(world));
        await manager.SubmitAsync(Page, "copy", ("week", week.Next.ToString()));
        Assert.Equal(["A 480", "A 480"], await StoredAsync(world));
    }

    private static async Task<(string Monday, string Tuesday)> PeopleAsync(AccessWorld world)
    {
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        var first = WeekOf(world).FirstDay;
        return (Text(first), Text(first.AddDays(1)));
    }

    // The brand's clock is eight hours ahead.
    private static Week WeekOf(AccessWorld world) => Week.Of(DateOnly.FromDateTime(world.Clock.GetUtcNow().UtcDateTime.AddHours(8)));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<List<string>> StoredAsync(AccessWorld world) =>
        world.ReadAsync(books => Task.FromResult(books.Shifts.AsEnumerable().Select(row => $"{row.Staff} {row.Minutes}").Order(StringComparer.Ordinal).ToList()));
}
