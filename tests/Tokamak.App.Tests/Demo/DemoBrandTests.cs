using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tokamak.App.Demo;
using Tokamak.App.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.App.Tests.Demo;

public sealed partial class DemoBrandTests(DemoBrandTests.WholeBrand whole) : IClassFixture<DemoBrandTests.WholeBrand>
{
    /// <summary>The full brand, made once for all tests that look at it.</summary>
    public sealed class WholeBrand
    {
        public IReadOnlyList<Fact> Facts { get; } = [.. new DemoBrand().Days().SelectMany(day => day.Facts)];
    }

    [Fact]
    public void It_has_12_stores_60_clerks_20000_members_and_about_150000_sales_over_18_months()
    {
        var sales = whole.Facts.OfType<SaleFact>().ToList();
        Assert.Equal(12, DemoRoster.Stores.Count);
        Assert.Equal(12, sales.Select(sale => sale.Store).OfType<StoreId>().Distinct().Count());
        Assert.Equal(60, whole.Facts.OfType<StaffFact>().Select(fact => fact.Staff).Distinct().Count());
        Assert.Equal(20_000, whole.Facts.SelectMany(MembersOf).Distinct().Count());
        Assert.InRange(sales.Count, 140_000, 160_000);
        Assert.Equal(18, sales.Select(sale => Month.Of(DayOf(sale))).Distinct().Count());
    }

    [Fact]
    public void It_has_every_kind_of_fact_and_story_that_a_person_may_look_for()
    {
        foreach (var order in Enum.GetValues<FactOrder>()) Assert.Contains(whole.Facts, fact => fact.Order == order);
        foreach (var what in Enum.GetValues<StaffEvent>()) Assert.Contains(whole.Facts, fact => fact is StaffFact staff && staff.Event == what);
        foreach (var kind in new[] { "app-install", "sign-up", "qr-scan", "link-click", "member-choice", "member-decline" })
            Assert.Contains(whole.Facts, fact => fact is ServiceFact service && service.Kind == kind);
        Assert.Contains(whole.Facts, fact => fact is SaleFact { Channel: Channel.Online, Staff: not null });
        Assert.Contains(whole.Facts, fact => fact is SaleFact { Channel: Channel.Online, Code: not null });
        Assert.Contains(whole.Facts, fact => fact is StaffFact { Event: StaffEvent.Left } left && left.Staff == DemoStories.LeaverWithManyMembers);
    }

    [Fact]
    public void Pickups_come_in_batches_and_some_at_two_stores()
    {
        var bySale = whole.Facts.OfType<HandoverFact>().Where(fact => fact.Store is not null).ToLookup(fact => fact.Sale);
        Assert.True(bySale.Count(sale => sale.Count() > 1) > 1000);
        Assert.True(bySale.Count(sale => sale.Select(fact => fact.Store).Distinct().Count() > 1) > 100);
    }

    [Fact]
    public void A_fifth_of_trade_is_online_at_first_and_a_third_at_the_end()
    {
        Assert.InRange(OnlinePercent(0, 92), 17, 22);
        Assert.InRange(OnlinePercent(DemoCalendar.Days - 92, DemoCalendar.Days), 32, 37);

        long OnlinePercent(int from, int to)
        {
            long online = 0, all = 0;
            foreach (var sale in whole.Facts.OfType<SaleFact>())
            {
                if (DemoCalendar.IndexOf(sale.At) is var day && (day < from || day >= to)) continue;
                var net = sale.Lines.Sum(line => line.Net);
                all += net;
                if (sale.Channel == Channel.Online) online += net;
            }
            return online * 100 / all;
        }
    }

    [Fact]
    public void Facts_come_in_the_order_of_the_spec_with_ids_of_their_own()
    {
        Assert.Equal(whole.Facts.Count, whole.Facts.Select(fact => fact.Id).Distinct().Count());
        for (var i = 1; i < whole.Facts.Count; i++)
        {
            var (a, b) = (whole.Facts[i - 1], whole.Facts[i]);
            Assert.True((a.At, a.Order, a.Id).CompareTo((b.At, b.Order, b.Id)) < 0, $"{a.Id} stands before {b.Id}");
        }
    }

    [Fact]
    public void No_line_hands_over_cancels_or_gives_back_more_than_there_is()
    {
        var left = new Dictionary<(FactId, long), (int ToHand, int Handed, int Units, long Net)>();
        foreach (var fact in whole.Facts)
        {
            if (fact is SaleFact sale)
                foreach (var line in sale.Lines)
                {
                    var handed = line.Fulfil == Fulfil.Taken ? line.Quantity : 0;
                    left[(sale.Id, line.Line)] = (line.Quantity - handed, handed, line.Quantity, line.Net);
                }
            if (fact is not SaleChangeFact change) continue;
            foreach (var line in change.Lines) left[(change.Sale, line.Line)] = After(change, line, left[(change.Sale, line.Line)]);
        }
    }

    [Fact]
    public void No_id_looks_like_a_phone_number_or_an_e_mail_address()
    {
        var text = Lines(new DemoBrand(2)) + DemoPolicy.Json;
        Assert.DoesNotMatch(PhoneOrMail(), text);
        Assert.Matches(PhoneOrMail(), "09" + "12-345-678");
    }

    [Fact]
    public void The_same_bytes_come_out_each_time_and_on_every_machine()
    {
        var bytes = Encoding.UTF8.GetBytes(Lines(new DemoBrand(1)));
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(Lines(new DemoBrand(1))));
        // Whoever changes the demo brand on purpose replaces this hash; nothing else may change it.
        Assert.Equal("FE2D4C3E66F5351901FB3539EF45C3A4A8327D54D1BDAE126BC5C95DD1178FB9", Convert.ToHexString(SHA256.HashData(bytes)));
    }

    [Fact]
    public void A_world_of_one_percent_has_the_stories_and_no_more_members_than_its_part()
    {
        var facts = new DemoBrand(1).Days().SelectMany(day => day.Facts).ToList();
        Assert.Equal(200, facts.SelectMany(MembersOf).Distinct().Count());
        Assert.InRange(facts.OfType<SaleFact>().Count(), 1_400, 1_700);
        FactId[] told = [DemoStories.ContestedAfterLock, DemoStories.SplitPickup, DemoStories.OfficeReturn, DemoStories.JoinedTwiceOrder, DemoStories.AfterChoice];
        foreach (var id in told) Assert.Contains(facts, fact => fact.Id == id);
    }

    [Fact]
    public void It_replays_without_fault_and_the_stories_end_as_told()
    {
        var folder = Directory.CreateTempSubdirectory("demo").FullName;
        try
        {
            DemoFiles.Write(folder, 1, _ => { });
            string At(string name) => Path.Combine(folder, name);
            Assert.Empty(ReplayFiles.Run(At(DemoFiles.Facts), At(DemoFiles.Policy), folder, asOf: null));

            var credits = File.ReadAllLines(At("credits.csv"));
            string[] OwnersOf(FactId sale) => [.. credits.Select(row => row.Split(',')).Where(row => row[1] == sale.Value && row[4] == "owner").Select(row => $"{row[5]} {row[7]}")];
            Assert.Equal(["K032 1472"], OwnersOf(DemoStories.ContestedWhileLocked));
            Assert.Equal(["K037 992"], OwnersOf(DemoStories.ContestedAfterLock));
            Assert.Equal(["K016 792", "K016 396", "K016 158"], DemoStories.FadingOrders.SelectMany(OwnersOf));
            Assert.Equal(["K043 596"], OwnersOf(DemoStories.JoinedTwiceOrder));
            Assert.Empty(OwnersOf(DemoStories.SelfPurchase));
            Assert.Empty(OwnersOf(DemoStories.WhileDeclined));
            Assert.Equal(["K025 1192"], OwnersOf(DemoStories.AfterChoice));

            var july = File.ReadAllLines(At("statements.csv")).Single(row => row.StartsWith($"2026-07,{DemoStories.CarriedClerk},", StringComparison.Ordinal));
            Assert.StartsWith("-", july[(july.LastIndexOf(',') + 1)..], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_size_outside_1_to_100_percent_is_refused(int percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DemoBrand(percent));

    private static (int ToHand, int Handed, int Units, long Net) After(SaleChangeFact change, LineChange line, (int ToHand, int Handed, int Units, long Net) was)
    {
        var k = line.Quantity;
        var now = change switch
        {
            HandoverFact => (was.ToHand - k, was.Handed + k, was.Units, was.Net),
            CancelFact => (was.ToHand - k, was.Handed, was.Units - k, Exact.PartLeftHalfUp(was.Net, was.Units, k)),
            RefundFact => (was.ToHand, was.Handed, was.Units, was.Net - line.Amount!.Value),
            _ => (was.ToHand, was.Handed - k, was.Units - k, line.Amount is { } amount ? was.Net - amount : Exact.PartLeftHalfUp(was.Net, was.Units, k)),
        };
        Assert.True(now is ( >= 0, >= 0, >= 0, >= 0) && (k > 0 || change is RefundFact) && line.Amount is null or > 0, $"{change.Id} takes more than is left");
        return now;
    }

    private static IEnumerable<MemberId> MembersOf(Fact fact) => fact switch
    {
        SaleFact { Member: { } member } => [member],
        ServiceFact service => [service.Member],
        MergeFact merge => [merge.From, merge.Into],
        StaffFact { Member: { } member } => [member],
        _ => [],
    };

    private static DateOnly DayOf(Fact fact) => DemoCalendar.DayAt(DemoCalendar.IndexOf(fact.At));

    private static string Lines(DemoBrand brand)
    {
        using var output = new MemoryStream();
        DemoFiles.WriteFacts(brand, output, _ => { });
        return Encoding.UTF8.GetString(output.ToArray());
    }

    [GeneratedRegex(@"@|(\+886|\b0)9\d{2}-?\d{3}-?\d{3}|\b0\d-\d{4}-\d{4}", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PhoneOrMail();
}
