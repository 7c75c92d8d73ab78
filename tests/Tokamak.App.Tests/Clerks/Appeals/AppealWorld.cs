using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

/// <summary>The small world as of a day, with clerks who appeal and an office that rules.</summary>
internal sealed class AppealWorld(TestBooks books) : IAsyncDisposable
{
    public static readonly DateOnly Day = new(2026, 2, 2);

    public static readonly Ruler Office = new("office", null, At(Day));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TestBooks Books => books;

    /// <summary>January has passed, and what was sold up to the 15th has vested.</summary>
    public static async Task<AppealWorld> CreateAsync(Provider provider, PostgresServer server, string? facts = null)
    {
        var world = new AppealWorld(await TestBooks.CreateAsync(provider, server));
        await world.Books.PostAsync(facts ?? string.Join('\n', World.SmallFacts.Split('\n').Take(7)), Day);
        return world;
    }

    public static Instant At(DateOnly day) => new(day.ToDateTime(new TimeOnly(4, 0)).Ticks);

    public static Dispute Dispute(string sale = "W1", string staff = "A") =>
        new(new StaffId(staff), new StoreId(staff == "A" ? "S1" : "S2"), new FactId(sale), Complaint.AnotherClerk, Role.Closer, "R8", "she asked me, not the web", "the till's slip");

    public Task<Opened> OpenAsync(Dispute dispute, bool seesSale = true, DateOnly? day = null) =>
        WriteAsync(turn => OpenAppeal.RunAsync(turn, World.Small().Policy.Zone, dispute, seesSale, "of " + dispute.Staff, At(day ?? Day), Stop));

    public async Task<AppealRow> FindAsync(long number) => (await books.ReadAsync(context => context.Appeals.SingleAsync(row => row.Number == number, Stop)));

    public async Task<Ruled> ShowAsync(long number, Ruling ruling, Ruler? ruler = null, SettledBefore? settled = null)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        return await RuleOnAppeal.ShowAsync(turn, number, ruling, ruler ?? Office, Stop, settled);
    }

    /// <summary>As a page knows them before it takes the write turn.</summary>
    public async Task<SettledBefore> SettledAsync()
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        var known = await KnownBooks.ReadAsync(turn, await BookMark.ReadAsync(turn, Stop), null, Stop);
        return new SettledBefore(known, await SettledMonths.ReadAsync(turn, known.Rules, null, Stop));
    }

    /// <summary>Rules as it was shown.</summary>
    public async Task<Ruled> RuleAsync(long number, Ruling ruling, Ruler? ruler = null, string? shown = null)
    {
        shown ??= (await ShowAsync(number, ruling, ruler)).Effect?.Digest ?? "";
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var ruled = await RuleOnAppeal.RunAsync(turn, number, ruling, ruler ?? Office, shown, Stop);
        if (ruled.Outcome == RulingOutcome.Ruled) await turn.CommitAsync(Stop);
        return ruled;
    }

    public async Task<T> WriteAsync<T>(Func<Turn, Task<T>> write)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var result = await write(turn);
        await turn.CommitAsync(Stop);
        return result;
    }

    /// <summary>What every row of facts and postings comes to, to see that nothing has changed.</summary>
    public async Task<string> StateAsync()
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        var rules = await BookRules.LoadAsync(turn, Stop);
        var parked = await turn.CountAsync("select count(*) from parked", Stop);
        return string.Create(CultureInfo.InvariantCulture, $"{rules.Facts} {rules.Postings} {parked}");
    }

    /// <summary>Credit that stands on a sale, by role and party.</summary>
    public async Task<List<string>> CreditsAsync(string sale)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        return await turn.ReadAsync(
            "select role, staff, store, cast(sum(amount) as bigint) from credit where sale = @sale group by role, staff, store having sum(amount) <> 0 order by role, store, staff",
            row => string.Create(CultureInfo.InvariantCulture, $"{(Role)row.GetInt16(0)} {(row.IsDBNull(1) ? "" : row.GetString(1))}@{row.GetString(2)} {row.GetInt64(3)}"), Stop, ("sale", sale));
    }

    public ValueTask DisposeAsync() => books.DisposeAsync();
}
