using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

/// <summary>R1, form: which lines are facts, and what is said of those that are none.</summary>
public sealed class FactReaderTests
{
    private const string At = "\"at\":\"2026-01-05T12:00:00+08:00\"";
    private const string Merge = "{\"type\":\"merge\",\"id\":\"m\"," + At + ",\"from\":\"a\",\"into\":\"b\"}";

    [Theory]
    [InlineData("{type:staff,id:j,@,staff:S,event:joined,store:A}")]
    [InlineData("{type:staff,id:j,@,staff:S,event:joined,store:A,grade:g,code:c,member:m}")]
    [InlineData("{type:staff,id:j,@,staff:S,event:moved,store:A,grade:g}")]
    [InlineData("{type:staff,id:j,@,staff:S,event:left}")]
    [InlineData("{type:merge,id:m,@,from:a,into:a}")]
    [InlineData("{type:service,id:v,@,member:m,kind:k,store:A}")]
    [InlineData("{type:service,id:v,@,member:m,kind:k,store:A,staff:S}")]
    [InlineData("{type:sale,id:s,@,channel:store,store:A,lines:[{line:1,category:c,quantity:1,net:0,fulfil:taken}]}")]
    [InlineData("{type:sale,id:s,@,channel:online,member:m,staff:S,code:c,lines:[{line:9,category:c,quantity:1000000,net:1000000000000000,fulfil:ship,staff:S},{line:2,category:c,quantity:1,net:1,fulfil:pickup}]}")]
    [InlineData("{type:handover,id:h,@,sale:s,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:handover,id:h,@,sale:s,store:A,staff:S,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:cancel,id:c,@,sale:s,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:refund,id:r,@,sale:s,lines:[{line:1,amount:1}]}")]
    [InlineData("{type:return,id:b,@,sale:s,lines:[{line:1,quantity:1},{line:2,quantity:1,amount:5}]}")]
    [InlineData("{type:void,id:x,@,fact:s}")]
    [InlineData("{fact:s,@,type:void,id:x}")]
    public void Each_type_of_fact_is_read(string shorthand) => Assert.Equal(7, Read(Json(shorthand)).SourceLine);

    [Theory]
    [InlineData("{}", "'type' is missing")]
    [InlineData("{type:gift,id:x,@}", "'type' must be staff, merge")]
    [InlineData("{type:1,id:x,@}", "'type' must be a text")]
    [InlineData("{type:merge,@,from:a,into:b}", "'id' is missing")]
    [InlineData("{type:merge,id:x,from:a,into:b}", "'at' is missing")]
    [InlineData("{type:merge,id:x,@,from:a,into:b,note:n}", "'note' is no field of a fact")]
    [InlineData("{type:merge,id:x,@,from:a,into:b,store:A}", "'store' is not part of a fact of type merge")]
    [InlineData("{type:merge,id:x,id:x,@,from:a,into:b}", "'id' stands twice")]
    [InlineData("{type:merge,id:x,@,from:a,into:null}", "'into' must be a text")]
    [InlineData("{type:merge,id:vest,@,from:a,into:b}", "no fact may have the id 'vest'")]
    [InlineData("{type:merge,id:pay,@,from:a,into:b}", "no fact may have the id 'pay'")]
    [InlineData("{type:staff,id:j,@,staff:S,event:fired}", "'event' must be joined, moved or left")]
    [InlineData("{type:staff,id:j,@,staff:S,event:joined}", "'store' is missing")]
    [InlineData("{type:staff,id:j,@,staff:S,event:moved,store:A,code:c}", "'code' is not part")]
    [InlineData("{type:staff,id:j,@,staff:S,event:left,store:A}", "'store' is not part")]
    [InlineData("{type:service,id:v,@,member:m,kind:k,store:online}", "no store may be called 'online'")]
    [InlineData("{type:service,id:v,@,member:m,store:A}", "'kind' is missing")]
    [InlineData("{type:sale,id:s,@,channel:phone,lines:[]}", "'channel' must be store or online")]
    [InlineData("{type:sale,id:s,@,channel:store,lines:[L]}", "'store' is missing")]
    [InlineData("{type:sale,id:s,@,channel:online,store:A,lines:[L]}", "'store' is not part of a fact of type sale (online)")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[]}", "at least one line")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:{}}", "'lines' must be a list")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[1]}", "'lines[0]' must be an object")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[L,L]}", "'lines[1]' names line 1 a second time")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[{line:1,category:c,quantity:1,fulfil:ship}]}", "'lines[0]' lacks net")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[{line:1,category:c,quantity:1,net:1,fulfil:sent}]}", "'lines[0].fulfil' must be taken, pickup or ship")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[{line:1,category:c,quantity:1,net:1,fulfil:ship,price:2}]}", "'lines[0].price' is no field of a line")]
    [InlineData("{type:sale,id:s,@,channel:online,lines:[{line:1,line:1,category:c,quantity:1,net:1,fulfil:ship}]}", "'lines[0].line' stands twice")]
    [InlineData("{type:handover,id:h,@,sale:s,lines:[{line:1,quantity:1,amount:1}]}", "'lines[0]' has amount")]
    [InlineData("{type:handover,id:h,@,sale:s,store:online,lines:[{line:1,quantity:1}]}", "no store may be called 'online'")]
    [InlineData("{type:cancel,id:h,@,sale:s,store:A,lines:[{line:1,quantity:1}]}", "'store' is not part")]
    [InlineData("{type:refund,id:h,@,sale:s,lines:[{line:1,quantity:1,amount:1}]}", "'lines[0]' has quantity")]
    [InlineData("{type:return,id:h,@,sale:s,lines:[{line:1,amount:1}]}", "'lines[0]' lacks quantity")]
    [InlineData("{type:void,id:x,@}", "'fact' is missing")]
    [InlineData("[1]", "write one JSON object on each line")]
    [InlineData("7", "write one JSON object on each line")]
    public void A_wrong_field_is_named(string shorthand, string says) => Refused(Json(shorthand), says);

    [Theory]
    [InlineData("{" + At)]
    [InlineData(Merge + "x")]
    [InlineData(Merge + Merge)]
    [InlineData("{\"type\":\"merge\",}")]
    [InlineData("{'type':'merge'}")]
    [InlineData("not json")]
    [InlineData("{\"type\":\"merge\" /* why */}")]
    [InlineData("{\"a\\ud800\":1}")]
    [InlineData("{\"type\":\"sale\",\"lines\":[{\"\\udc00\":1}]}")]
    public void Malformed_JSON_is_refused(string json) => Refused(json, "");

    [Theory]
    [InlineData("line", "0", "from 1 to")]
    [InlineData("line", "-1", "from 1 to")]
    [InlineData("line", "9223372036854775808", "from 1 to")]
    [InlineData("quantity", "0", "from 1 to 1000000")]
    [InlineData("quantity", "1000001", "from 1 to 1000000")]
    [InlineData("quantity", "1.0", "without fraction or exponent")]
    [InlineData("quantity", "1e2", "without fraction or exponent")]
    [InlineData("quantity", "\"1\"", "from 1 to 1000000")]
    [InlineData("quantity", "null", "from 1 to 1000000")]
    [InlineData("net", "-1", "from 0 to 1000000000000000")]
    [InlineData("net", "1000000000000001", "from 0 to 1000000000000000")]
    [InlineData("net", "1E3", "without fraction or exponent")]
    [InlineData("net", "true", "from 0 to")]
    public void Numbers_are_whole_and_in_range(string field, string value, string says)
    {
        var line = Json("{line:1,category:c,quantity:1,net:1,fulfil:ship}").Replace($"\"{field}\":1", $"\"{field}\":{value}", StringComparison.Ordinal);
        Refused(Json("{type:sale,id:s,@,channel:online,lines:[%]}").Replace("\"%\"", line, StringComparison.Ordinal), $"'lines[0].{field}' must be ");
        Refused(Json("{type:sale,id:s,@,channel:online,lines:[%]}").Replace("\"%\"", line, StringComparison.Ordinal), says);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    public void An_amount_is_at_least_1(string amount, bool good) =>
        Assert.Equal(good, TryRead(Json("{type:refund,id:r,@,sale:s,lines:[{line:1,amount:%}]}").Replace("\"%\"", amount, StringComparison.Ordinal), out _, out _));

    [Fact]
    public void An_id_is_1_to_100_characters()
    {
        Assert.False(TryId(""));
        Assert.True(TryId("a"));
        Assert.True(TryId(new string('a', 100)));
        Assert.True(TryId(new string('店', 100)));
        Assert.False(TryId(new string('a', 101)));
        Assert.False(TryId(new string('店', 101)));
    }

    [Theory]
    [InlineData("信義店", true)]
    [InlineData("a'b/c\\\\d;e#", true)]
    [InlineData("\\u4fe1", true)]
    [InlineData("\\ue000", true)]
    [InlineData("Online", true)]
    [InlineData("a b", false)]
    [InlineData("a\\tb", false)]
    [InlineData("a\\u3000b", false)]
    [InlineData("a\\u00a0b", false)]
    [InlineData("a\\u2028b", false)]
    [InlineData("a\\u0085b", false)]
    [InlineData("a\\u007fb", false)]
    [InlineData("a\\u0000b", false)]
    [InlineData("a,b", false)]
    [InlineData("a\\\"b", false)]
    [InlineData("😀", false)]
    [InlineData("\\ud83d\\ude00", false)]
    [InlineData("\\ud83d", false)]
    [InlineData("\\ude00", false)]
    [InlineData("𠮷", false)]
    public void Ids_hold_no_white_space_comma_quote_control_or_emoji(string id, bool good) => Assert.Equal(good, TryId(id));

    [Fact]
    public void An_escaped_id_is_the_same_id()
    {
        var escaped = (MergeFact)Read(Merge.Replace("\"a\"", "\"\\u0061\"", StringComparison.Ordinal).Replace("\"from\"", "\"fr\\u006fm\"", StringComparison.Ordinal));
        Assert.Equal(new MemberId("a"), escaped.From);
    }

    [Fact]
    public void An_escaped_time_is_the_same_time()
    {
        var escaped = string.Concat("2026-01-05T12:00:00+08:00".Select(c => $"\\u{(int)c:x4}"));
        Assert.Equal(Read(Merge).At, Read(Merge.Replace("2026-01-05T12:00:00+08:00", escaped, StringComparison.Ordinal)).At);
    }

    [Theory]
    [InlineData("2026-01-05T12:00:00")]
    [InlineData("2026-01-05")]
    [InlineData("2026-01-05 12:00:00+08:00")]
    [InlineData("2026-13-05T12:00:00Z")]
    [InlineData("2026-02-29T12:00:00Z")]
    [InlineData("2026-01-05T12:00:60Z")]
    [InlineData("2026-01-05T12:00:00\\ud800")]
    public void An_instant_without_offset_or_of_no_calendar_is_refused(string at) =>
        Refused(Merge.Replace("2026-01-05T12:00:00+08:00", at, StringComparison.Ordinal), "'at' must be a time with offset");

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_what_to_do()
    {
        Refused(Encoding.Unicode.GetBytes(Merge), "save the file as UTF-8");
        Refused(Encoding.Latin1.GetBytes(Merge.Replace("\"a\"", "\"é\"", StringComparison.Ordinal)), "save the file as UTF-8");
        Refused([.. "{\"type\":\""u8, 0xab, 0x48, 0xb8, 0x71, .. "\"}"u8], "UTF-8");   // 信義 in Big5
    }

    [Fact]
    public void A_line_is_at_most_so_long()
    {
        var fits = Merge + new string(' ', FactReader.MaxLineBytes - Merge.Length);
        Assert.True(TryRead(fits, out _, out _));
        Refused(fits + " ", "Put each fact on a line of its own");
    }

    [Fact]
    public void Deep_nesting_is_refused_not_followed() => Refused(new string('[', 100_000), "write one JSON object");

    private static bool TryId(string id) => TryRead(Merge.Replace("\"a\"", $"\"{id}\"", StringComparison.Ordinal), out _, out _);

    private static Fact Read(string json)
    {
        Assert.True(TryRead(json, out var fact, out var fault), fault?.Message);
        return fact;
    }

    private static bool TryRead(string json, out Fact fact, out Fault fault) => new FactReader().TryRead(Encoding.UTF8.GetBytes(json), 7, out fact, out fault);

    private static void Refused(string json, string says) => Refused(Encoding.UTF8.GetBytes(json), says);

    private static void Refused(byte[] json, string says)
    {
        Assert.False(new FactReader().TryRead(json, 7, out _, out var fault));
        Assert.Equal(7, fault.Line);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    private static string Json(string shorthand) => Given.Json(shorthand);
}
