using System.Globalization;
using System.Text;
using System.Text.Json;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

public sealed class ExportMemberTests(PostgresServer server)
{
    private const string Crooked = "<script>alert(1)</script>\"&'";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Json_has_everything_under_all_ids_with_times_and_currency(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (ming, online) = await TwoInOneAsync(world);
        await world.AskErasureAsync(ming);
        using var json = JsonDocument.Parse(await WrittenAsync(world, online, null));
        var root = json.RootElement;
        Assert.Equal((ming.Value, "TWD", 0, "Asia/Taipei"), (Text(root, "member"), Text(root, "currency"), root.GetProperty("currencyDecimals").GetInt32(), Text(root, "timezone")));
        Assert.Equal([ming.Value, online.Value], root.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal("2026-06-08", Text(root.GetProperty("erasure"), "dueOn"));

        var people = root.GetProperty("people").EnumerateArray().ToList();
        Assert.Equal(["王小明", Crooked], people.Select(person => Text(person, "name")));
        Assert.Equal(("1990-04-01", "2026-06-01T04:00:00Z", "store", "S1"), (Text(people[0], "birthday"), Text(people[0], "joinedAt"), Text(people[0], "channel"), Text(people[0], "store")));
        Assert.False(people[1].TryGetProperty("birthday", out _));
        var keys = root.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal([("phone", "+886912345678", false), ("email", "ming@example.tw", true)], keys.Select(key => (Text(key, "kind"), Text(key, "value"), key.TryGetProperty("provedAt", out _))));
        // The whole history, not only the last word.
        Assert.Equal([true, false], root.GetProperty("consents").EnumerateArray().Select(said => said.GetProperty("given").GetBoolean()));
        Assert.Equal(("S1", "A"), (Text(root.GetProperty("belongsTo"), "store"), Text(root.GetProperty("belongsTo"), "staff")));
        Assert.Equal(online.Value, Text(root.GetProperty("merges").EnumerateArray().Single(), "from"));
        Assert.Equal(["sign-up"], root.GetProperty("services").EnumerateArray().Select(service => Text(service, "kind")));
    }

    [Theory, EveryDatabase]
    public async Task Every_purchase_is_there_with_its_lines_less_what_came_back(Provider provider)
    {
        const int Many = 510;
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (_, online) = await TwoInOneAsync(world);
        await world.SendAsync(string.Join('\n', Enumerable.Range(0, Many).Select(number => Sale($"p{number:000}", online, 100 + number))));
        await world.SendAsync(
            """
            {"type":"return","id":"r1","at":"2026-06-01T13:30:00+08:00","sale":"p001","lines":[{"line":2,"quantity":1}]}
            {"type":"refund","id":"r2","at":"2026-06-01T13:31:00+08:00","sale":"p001","lines":[{"line":1,"amount":1}]}
            {"type":"return","id":"r3","at":"2026-06-01T13:32:00+08:00","sale":"p002","lines":[{"line":1,"quantity":1}]}
            {"type":"void","id":"x1","at":"2026-06-01T13:33:00+08:00","fact":"r3"}
            {"type":"void","id":"x2","at":"2026-06-01T13:34:00+08:00","fact":"p003"}
            """);
        using var json = JsonDocument.Parse(await WrittenAsync(world, online, null));
        var purchases = json.RootElement.GetProperty("purchases").EnumerateArray().ToDictionary(purchase => Text(purchase, "id")!);
        Assert.Equal(Many + 1, purchases.Count);
        Assert.Equal(purchases.Values.Select(purchase => Text(purchase, "at")).Order(StringComparer.Ordinal), purchases.Values.Select(purchase => Text(purchase, "at")));
        // Line by line they come to what the books have.
        var sales = (await world.ReadAsync(books => Task.FromResult(books.Sales.ToList()))).ToDictionary(sale => sale.Id);
        foreach (var (id, purchase) in purchases)
        {
            Assert.Equal((sales[id].Sold, sales[id].Voided ? 0 : sales[id].Net), (purchase.GetProperty("sold").GetInt64(), purchase.GetProperty("net").GetInt64()));
            Assert.Equal(purchase.GetProperty("net").GetInt64(), purchase.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("net").GetInt64()));
        }
        Assert.Equal([(1, 100), (1, 200)], purchases["p001"].GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("kept").GetInt32(), line.GetProperty("net").GetInt32())));
        Assert.Equal(2, purchases["p001"].GetProperty("lines")[1].GetProperty("quantity").GetInt32());
        Assert.True(purchases["p003"].GetProperty("voided").GetBoolean());
        Assert.False(purchases["p002"].TryGetProperty("voided", out _));
    }

    [Theory, EveryDatabase]
    public async Task The_page_reads_in_both_languages_runs_nothing_and_fetches_nothing(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (ming, _) = await TwoInOneAsync(world);
        foreach (var language in Language.All)
        {
            var page = Encoding.UTF8.GetString(await WrittenAsync(world, ming, Texts.In(language)));
            Assert.StartsWith($"""<!doctype html><html lang="{language.Code}">""", page, StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;&#39;", page, StringComparison.Ordinal);
            foreach (var never in (string[])["<script", "http:", "https:", "src=", "href=", "onload"]) Assert.DoesNotContain(never, page, StringComparison.OrdinalIgnoreCase);
            foreach (var text in (string[])["王小明", "+886912345678", "NT$ 1,000", language == Language.English ? "What you bought" : "消費紀錄"]) Assert.Contains(text, page, StringComparison.Ordinal);
            foreach (var tag in (string[])["table", "tbody", "tr", "td", "div", "h2", "p"]) Assert.Equal(Count(page, $"<{tag}>") + Count(page, $"<{tag} "), Count(page, $"</{tag}>"));
            var folder = Directory.CreateDirectory(Repository.Path("artifacts", "papers")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, $"member.{language.Code}.html"), page, Stop);
        }
    }

    [Theory, EveryDatabase]
    public async Task Somebody_unknown_is_not_written_and_somebody_erased_has_only_what_the_books_keep(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (ming, _) = await TwoInOneAsync(world);
        Assert.Empty(await WrittenAsync(world, new("nobody"), null));
        Assert.Empty(await WrittenAsync(world, new("nobody"), Texts.In(Language.English)));
        await world.EraseAsync(ming);
        var left = Encoding.UTF8.GetString(await WrittenAsync(world, ming, null));
        Assert.DoesNotContain("王小明", left, StringComparison.Ordinal);
        Assert.Contains("\"erasedOn\": \"2026-06-08\"", left, StringComparison.Ordinal);
        Assert.Contains("\"id\": \"s1\"", left, StringComparison.Ordinal);
        Assert.Contains("were erased on", Encoding.UTF8.GetString(await WrittenAsync(world, ming, Texts.In(Language.English))), StringComparison.Ordinal);
    }

    private static async Task<(MemberId, MemberId)> TwoInOneAsync(MemberWorld world)
    {
        var ming = (await world.JoinAsync(new([MemberWorld.Said("0912345678")], MemberChannel.Store, "王小明", new DateOnly(1990, 4, 1), Store: new("S1"), Staff: new("A"),
            Consents: [new(Consents.Marketing, true, "2026-01")]))).Member!.Value;
        await world.SayAsync(ming, Consents.Marketing, false);
        await world.SellAsync("s1", ming, 1000);
        var online = (await world.JoinAsync(new([MemberWorld.Proved("ming@example.tw", KeyKind.Email)], MemberChannel.Web, Crooked))).Member!.Value;
        Assert.Equal(MergeOutcome.Done, (await world.MergeAsync(ming, online)).Outcome);
        return (ming, online);
    }

    private static string Sale(string id, MemberId member, int net) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"type":"sale","id":"{{id}}","at":"2026-06-01T13:00:{{net % 60:00}}+08:00","channel":"store","store":"S1","staff":"A","member":"{{member}}","lines":[{"line":1,"category":"tops","quantity":1,"net":{{net}},"fulfil":"taken"},{"line":2,"category":"shoes","quantity":2,"net":400,"fulfil":"taken"}]}""");

    /// <summary>JSON without texts, else the page.</summary>
    private static async Task<byte[]> WrittenAsync(MemberWorld world, MemberId member, Texts? t)
    {
        await using var turn = await world.Brand.BeginReadAsync(Stop);
        using var file = new MemoryStream();
        var isKnown = t is null ? await ExportMember.JsonAsync(turn, member, world.Now, file, Stop) : await ExportMember.HtmlAsync(turn, member, t, world.Now, file, Stop);
        Assert.Equal(isKnown, file.Length > 0);
        return file.ToArray();
    }

    private static string? Text(JsonElement of, string field) => of.GetProperty(field).GetString();

    private static int Count(string page, string text) => page.Split(text).Length - 1;
}
