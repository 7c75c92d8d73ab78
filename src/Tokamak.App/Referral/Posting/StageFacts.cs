using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

[Table("incoming"), PrimaryKey(nameof(Seq))]
internal sealed class IncomingRow
{
    public required long Seq { get; init; }
    public required int Line { get; init; }
    public required string Id { get; init; }
    public required short Type { get; init; }
    public required long AtTicks { get; init; }
    public required DateOnly Day { get; init; }
    public string? Member { get; init; }
    public string? Sale { get; init; }

    /// <summary>The sale or the voided fact that the fact names: whose member and sale it then has.</summary>
    public string? About { get; init; }
    public required string Body { get; init; }
}

[Table("incoming_mention"), PrimaryKey(nameof(Kind), nameof(Name), nameof(Seq))]
internal sealed class IncomingMentionRow
{
    public required MentionKind Kind { get; init; }
    public required string Name { get; init; }
    public required long Seq { get; init; }
}

/// <summary>
/// Brings facts into the table of facts, in the order in which they came: the database finds what is stored already and
/// whom each fact is about, so that memory stays flat however many there are.
/// </summary>
internal sealed class StageFacts(Turn turn, Zone zone, long last)
{
    private const int RowsPerWrite = 20_000;

    private readonly long _before = last;

    private static readonly string[] Tables =
    [
        """
        create temporary table incoming (seq bigint primary key, line integer not null, id text COLLATED not null, type smallint not null, at_ticks bigint not null,
          day date not null, member text COLLATED, sale text COLLATED, about text COLLATED, body text not null)
        """,
        "create temporary table incoming_mention (kind smallint not null, name text COLLATED not null, seq bigint not null)",
        "create temporary table incoming_order (place integer primary key, seq bigint not null)",
    ];

    /// <summary>Facts have numbers from here to <see cref="Last"/>.</summary>
    public long Last { get; private set; } = last;

    public async Task BeginAsync(CancellationToken stop)
    {
        foreach (var table in (string[])["incoming", "incoming_mention", "incoming_order"]) await turn.ExecuteAsync($"drop table if exists {table}", stop);
        foreach (var table in Tables)
            await turn.ExecuteAsync(table.Replace("COLLATED", turn.Provider == Provider.Postgres ? "collate \"C\"" : "", StringComparison.Ordinal), stop);
    }

    public async Task AddAsync(IEnumerable<Fact> facts, Action<long>? onStaged, CancellationToken stop)
    {
        foreach (var chunk in facts.Chunk(RowsPerWrite))
        {
            var rows = new List<IncomingRow>(chunk.Length);
            var mentions = new List<IncomingMentionRow>(chunk.Length);
            foreach (var fact in chunk)
            {
                rows.Add(RowOf(fact, ++Last));
                mentions.AddRange(Mentions.Of(fact).Select(mention => new IncomingMentionRow { Kind = mention.Kind, Name = mention.Name, Seq = Last }));
            }
            await turn.InsertAsync(rows, stop);
            await turn.InsertAsync(mentions, stop);
            onStaged?.Invoke(Last - _before);
        }
    }

    /// <summary>What stands twice, or is stored already as something else (R1): by file line.</summary>
    public async Task<List<Fault>> FindRepeatsAsync(CancellationToken stop)
    {
        await turn.ExecuteAsync("create index incoming_id on incoming (id)", stop);
        if (turn.Provider == Provider.Postgres) await turn.ExecuteAsync("analyze incoming", stop);
        var faults = await turn.ReadAsync(
            """
            select later.line, later.id, first.line from incoming later
            join (select id, min(line) as line from incoming group by id having count(*) > 1) first on first.id = later.id
            where later.line > first.line order by later.line
            """,
            row => new Fault($"the id {row.GetString(1)} stands on line {row.GetInt32(2)} already; give every fact an id of its own", row.GetInt32(0)), stop);
        faults.AddRange(await turn.ReadAsync(
            "select i.line, i.id from incoming i join fact f on f.id = i.id where f.body <> i.body order by i.line limit 1",
            row => new Fault($"the fact {row.GetString(1)} is stored already and says something else; facts never change: void it and enter it anew under another id", row.GetInt32(0)), stop));
        return faults;
    }

    /// <summary>Stores what is new. Returns how many facts that is.</summary>
    public async Task<int> StoreAsync(CancellationToken stop)
    {
        await turn.ExecuteAsync("delete from incoming where exists (select 1 from fact f where f.id = incoming.id)", stop);
        await turn.ExecuteAsync(
            """
            update incoming set sale = about, member = coalesce(
              (select s.member from incoming s where s.id = incoming.about and s.type = 3), (select f.member from fact f where f.id = incoming.about and f.type = 3))
            where type between 4 and 7
            """, stop);
        await turn.ExecuteAsync(
            """
            update incoming set
              sale = coalesce((select v.sale from incoming v where v.id = incoming.about), (select f.sale from fact f where f.id = incoming.about)),
              member = coalesce((select v.member from incoming v where v.id = incoming.about), (select f.member from fact f where f.id = incoming.about))
            where type = 8
            """, stop);
        var count = await turn.ExecuteAsync(
            "insert into fact (seq, id, type, at_ticks, day, member, sale, body) select seq, id, type, at_ticks, day, member, sale, body from incoming", stop);
        await turn.ExecuteAsync("insert into mention (kind, name, seq) select m.kind, m.name, m.seq from incoming_mention m join incoming i on i.seq = m.seq", stop);
        await turn.ExecuteAsync(
            "insert into incoming_order (place, seq) select row_number() over (order by at_ticks, type, id), seq from incoming where type <> 0", stop);
        if (turn.Provider == Provider.Postgres) await turn.ExecuteAsync("analyze incoming_order", stop);
        return count;
    }

    /// <summary>New facts but those of the roster's, in the order of R1, from a place on (the first is 1).</summary>
    public Task<List<FactRow>> NextAsync(int place, int most, CancellationToken stop) => turn.ReadAsync(
        """
        select f.seq, f.id, f.type, f.at_ticks, f.member, f.sale, f.body from incoming_order o join fact f on f.seq = o.seq
        where o.place >= @first and o.place < @end order by o.place
        """,
        row => new FactRow
        {
            Seq = row.GetInt64(0), Id = row.GetString(1), Type = row.GetInt16(2), AtTicks = row.GetInt64(3), Day = zone.DayOf(new Instant(row.GetInt64(3))),
            Member = row.IsDBNull(4) ? null : row.GetString(4), Sale = row.IsDBNull(5) ? null : row.GetString(5), Body = row.GetString(6),
        }, stop, ("first", place), ("end", place + most));

    public async Task<int> LineOfAsync(long seq, CancellationToken stop) =>
        (await turn.ReadAsync("select line from incoming where seq = @seq", row => row.GetInt32(0), stop, ("seq", seq))).FirstOrDefault();

    private IncomingRow RowOf(Fact fact, long seq) => new()
    {
        Seq = seq, Line = fact.SourceLine, Id = fact.Id.Value, Type = (short)fact.Order, AtTicks = fact.At.Ticks, Day = zone.DayOf(fact.At),
        Member = fact switch { ServiceFact service => service.Member.Value, SaleFact sale => sale.Member?.Value, MergeFact merge => merge.From.Value, _ => null },
        Sale = fact is SaleFact ? fact.Id.Value : null,
        About = fact switch { SaleChangeFact change => change.Sale.Value, VoidFact voiding => voiding.Voided.Value, _ => null },
        Body = StoredForms.BodyOf(fact),
    };
}
