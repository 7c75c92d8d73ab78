using System.Globalization;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>
/// What somebody looks for among the sales. <c>Store</c> and <c>Staff</c>: those the sale names or credits. An <c>Id</c> is a whole id
/// or how it begins, letter by letter, and is looked for at all times.
/// </summary>
/// <param name="From">The first moment; null: from the first sale on.</param>
/// <param name="Before">The moment after the last; null: up to the last sale.</param>
public sealed record SaleSearch(Instant? From, Instant? Before, Channel? Channel = null, StoreId? Store = null, StaffId? Staff = null, string? Id = null)
{
    /// <summary>Whose it was: under any id that was merged with theirs.</summary>
    public MemberId? Member { get; init; }

    /// <summary>The moments of a month, or of one day of it.</summary>
    public static SaleSearch In(Zone zone, Month month, DateOnly? day = null) => new(StartOf(zone, day ?? month.FirstDay), EndOf(zone, day ?? month.LastDay));

    public static Instant StartOf(Zone zone, DateOnly day) => zone.InstantOf(day.ToDateTime(TimeOnly.MinValue));

    private static Instant? EndOf(Zone zone, DateOnly day) => day == DateOnly.MaxValue ? null : StartOf(zone, day.AddDays(1));
}

/// <summary>A place in a list of sales: the moment of a sale, and its id.</summary>
public sealed record SalePlace(long AtTicks, string Id)
{
    /// <summary>As an address carries it: <c>ticks-id</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AtTicks}-{Id}");

    public static SalePlace? Parse(string? text) =>
        text?.Split('-', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new SalePlace(at, id) : null;
}

/// <summary>A sale on a list.</summary>
public sealed record ListedSale(FactId Id, Instant At, DateOnly Day, StoreId Host, Int128 Net, bool Voided, IReadOnlyList<StaffId> Credited)
{
    public Int128 Sold { get; init; }
    public MemberId? Member { get; init; }
    public StaffId? Staff { get; init; }

    public SalePlace Place => new(At.Ticks, Id.Value);
}

/// <summary>A page of sales. <c>Count</c> counts up to <see cref="FindSales.MostCounted"/>.</summary>
public sealed record FoundSales(IReadOnlyList<ListedSale> Sales, bool HasNewer, bool HasOlder, int Count);

/// <summary>
/// Finds sales, the newest first, a page at a time from a place on: each page walks one index from there, however many sales there are.
/// </summary>
public static class FindSales
{
    public const int MostCounted = 1000;

    /// <summary>An id is looked for among so many that begin like it; more letters find the rest.</summary>
    private const int MostOfPrefix = 2000;

    public static async Task<FoundSales> RunAsync(Turn turn, Scope scope, SaleSearch search, SalePlace? before, SalePlace? after, int most, CancellationToken stop, bool counts = true)
    {
        var query = new Query(turn, scope, search, search.Member is { } member ? await MembersAsync(turn, member, stop) : []);
        var forward = after is null;
        var rows = await turn.ReadAsync(query.Page(forward ? before : after, forward, most + 1), RowOf, stop, [.. query.Given]);
        var more = rows.Count > most;
        if (more) rows.RemoveAt(most);
        if (!forward) rows.Reverse();
        var count = counts ? await turn.CountAsync(query.Count(), stop, [.. query.Given]) : 0;
        var credited = await CreditedAsync(turn, rows, stop);
        return new FoundSales(
            [.. rows.Select(row => row with { Credited = [.. credited[row.Id]] })], forward ? before is not null && rows.Count > 0 : more, forward ? more : rows.Count > 0, (int)count);
    }

    private static ListedSale RowOf(System.Data.Common.DbDataReader row) => new(
        new FactId(row.GetString(0)), new Instant(row.GetInt64(1)), row.GetFieldValue<DateOnly>(2), row.IsDBNull(3) ? StoreId.Online : new StoreId(row.GetString(3)),
        row.GetInt64(4), row.GetBoolean(5), [])
    {
        Sold = row.GetInt64(6), Member = row.IsDBNull(7) ? null : new MemberId(row.GetString(7)), Staff = row.IsDBNull(8) ? null : new StaffId(row.GetString(8)),
    };

    /// <summary>Every id that means this member.</summary>
    private static async Task<List<string>> MembersAsync(Turn turn, MemberId member, CancellationToken stop)
    {
        var ids = await turn.ReadAsync(
            "select id from member where root = (select root from member where id = @id)", row => row.GetString(0), stop, ("id", member.Value));
        return ids.Count > 0 ? ids : [member.Value];
    }

    private static async Task<ILookup<FactId, StaffId>> CreditedAsync(Turn turn, List<ListedSale> sales, CancellationToken stop)
    {
        var ids = sales.Select(sale => sale.Id.Value).ToArray();
        var found = ids.Length == 0 ? [] : await turn.ReadAsync(
            $"""
            select sale, staff from credit where {turn.IsOneOf("sale", "ids")} and staff is not null
            group by sale, staff having sum(amount) <> 0 order by sale, staff
            """,
            row => (Sale: new FactId(row.GetString(0)), Staff: new StaffId(row.GetString(1))), stop, turn.List("ids", ids));
        return found.ToLookup(row => row.Sale, row => row.Staff);
    }

    /// <summary>The statement of a search: what it asks for, with as few conditions as it needs.</summary>
    private sealed class Query
    {
        private readonly List<(string, object?)> _given = [];
        private readonly bool _byId;
        private readonly string _from;
        private readonly string _where;

        public Query(Turn turn, Scope scope, SaleSearch search, List<string> members)
        {
            _byId = !string.IsNullOrWhiteSpace(search.Id);
            var parties = Parties(scope, search).ToList();
            List<string> conditions = [];
            // The rarest party leads: its own index has its sales in the order of time.
            var lead = _byId || members.Count > 0 ? null : parties.Find(party => party.Column == "staff") is { Column: not null } staff ? staff.Name : parties.FirstOrDefault().Name;
            // A sale that a void took back has no parties: what leads by one need look at sales only for what parties do not say.
            // A member's sales are few: found by the member, not by walking the time. Only SQLite must be told.
            _from = lead is not null ? search.Channel is null ? "sale_party p" : "sale_party p join sale s on s.id = p.sale"
                : members.Count > 0 && turn.Provider == Provider.Sqlite ? "sale s indexed by sale_member" : "sale s";
            AtColumn = lead is null ? "s.at_ticks" : "p.at_ticks";
            IdColumn = lead is null ? "s.id" : "p.sale";
            foreach (var (name, column, value) in parties)
            {
                conditions.Add(name == lead ? $"p.{column} = @{name}" : $"exists (select 1 from sale_party o where o.sale = {IdColumn} and o.{column} = @{name})");
                Give(name, value);
            }
            if (members.Count > 0)
            {
                conditions.Add(turn.IsOneOf("s.member", "members"));
                _given.Add(turn.List("members", [.. members]));
            }
            if (search.Channel is { } channel)
            {
                conditions.Add("s.channel = @channel");
                Give("channel", (short)channel);
            }
            if (_byId)
            {
                // Texts compare by their bytes: after the last code point comes no id that begins so.
                Give("id", search.Id!.Trim());
                Give("beyond", search.Id.Trim() + "\U0010FFFF");
                _from = $"(select * from sale where id >= @id and id < @beyond order by id limit {MostOfPrefix}) s";
            }
            else
            {
                conditions.Add($"{AtColumn} >= @start and {AtColumn} < @end{(lead is null ? " and not s.voided" : "")}");
                Give("start", search.From?.Ticks ?? 0);
                Give("end", search.Before?.Ticks ?? long.MaxValue);
            }
            _where = conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions);
        }

        private string AtColumn { get; }
        private string IdColumn { get; }
        public IReadOnlyList<(string, object?)> Given => _given;

        public string Page(SalePlace? from, bool forward, int most)
        {
            var order = forward ? "desc" : "asc";
            var place = "";
            if (from is not null)
            {
                place = $"{(_where.Length == 0 ? "where" : " and")} ({AtColumn}, {IdColumn}) {(forward ? "<" : ">")} (@at, @place)";
                Give("at", from.AtTicks);
                Give("place", from.Id);
            }
            return $"""
                select s.id, s.at_ticks, s.day, s.store, s.net, s.voided, s.sold, s.member, s.staff
                from (select distinct {AtColumn} as at_ticks, {IdColumn} as id from {_from} {_where}{place} order by 1 {order}, 2 {order} limit {most}) found join sale s on s.id = found.id
                order by s.at_ticks {order}, s.id {order}
                """;
        }

        public string Count() => $"select count(*) from (select distinct {AtColumn}, {IdColumn} from {_from} {_where} limit {MostCounted + 1}) found";

        private static IEnumerable<(string Name, string Column, string Value)> Parties(Scope scope, SaleSearch search)
        {
            if (search.Staff is { } staff) yield return ("clerk", "staff", staff.Value);
            if (scope.Staff is { } own && own != search.Staff) yield return ("own", "staff", own.Value);
            if (search.Store is { } store) yield return ("store", "store", store.Value);
            if (scope.Store is { } ownStore && ownStore != search.Store) yield return ("ownstore", "store", ownStore.Value);
        }

        private void Give(string name, object? value) => _given.Add((name, value));
    }
}
