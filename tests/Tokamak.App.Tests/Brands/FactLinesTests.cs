using System.Buffers;
using System.Text;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.App.Tests.Brands;

public sealed class FactLinesTests
{
    private const int Taipei = 8 * 3600;
    private static readonly Instant Noon = new(new DateTime(2026, 1, 5, 4, 0, 0, DateTimeKind.Utc).Ticks);

    [Fact]
    public void A_staff_fact_leaves_out_what_is_absent() =>
        Assert.Equal(
            """{"type":"staff","id":"f1","at":"2026-01-05T12:00:00+08:00","staff":"A1","event":"joined","store":"A","code":"ANNA"}""",
            Line(new StaffFact(new("f1"), Noon, 0, new("A1"), StaffEvent.Joined, new StoreId("A"), null, "ANNA", null)));

    [Fact]
    public void A_sale_names_its_fields_in_the_order_of_the_spec() =>
        Assert.Equal(
            """{"type":"sale","id":"O1","at":"2026-01-05T12:00:00+08:00","channel":"store","store":"信義","member":"M1","staff":"A1","code":"ANNA","lines":[{"line":1,"category":"shoes","quantity":2,"net":1000,"fulfil":"taken","staff":"A2"},{"line":2,"category":"tops","quantity":1,"net":0,"fulfil":"pickup"}]}""",
            Line(new SaleFact(new("O1"), Noon, 0, Channel.Store, new StoreId("信義"), new MemberId("M1"), new StaffId("A1"), "ANNA",
                [new SaleLine(1, "shoes", 2, 1000, Fulfil.Taken, new StaffId("A2")), new SaleLine(2, "tops", 1, 0, Fulfil.Pickup, null)])));

    [Fact]
    public void A_courier_handover_has_neither_store_nor_staff() =>
        Assert.Equal(
            """{"type":"handover","id":"h1","at":"2026-01-05T12:00:00+08:00","sale":"O1","lines":[{"line":1,"quantity":2}]}""",
            Line(new HandoverFact(new("h1"), Noon, 0, new("O1"), null, null, [new LineChange(1, 2, null)])));

    [Fact]
    public void A_refund_has_amounts_a_return_has_units_and_an_amount_where_one_is_named()
    {
        Assert.EndsWith("""[{"line":1,"amount":90}]}""", Line(new RefundFact(new("p1"), Noon, 0, new("O1"), [new LineChange(1, 0, 90)])), StringComparison.Ordinal);
        Assert.EndsWith(
            """[{"line":1,"quantity":1,"amount":90},{"line":2,"quantity":1}]}""",
            Line(new ReturnFact(new("r1"), Noon, 0, new("O1"), [new LineChange(1, 1, 90), new LineChange(2, 1, null)])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fractions_of_a_second_and_offsets_west_are_kept()
    {
        var fact = new VoidFact(new("x1"), new Instant(Noon.Ticks + 1_230_000), 0, new("O1"));
        Assert.Equal("""{"type":"void","id":"x1","at":"2026-01-05T00:30:00.123-03:30","fact":"O1"}""", Line(fact, -12600));
        Assert.Equal("""{"type":"void","id":"x1","at":"2026-01-05T04:00:00.123Z","fact":"O1"}""", Line(fact, 0));
    }

    private static string Line(Fact fact, int offsetSeconds = Taipei)
    {
        var buffer = new ArrayBufferWriter<byte>();
        FactLines.Write(buffer, fact, offsetSeconds);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }
}
