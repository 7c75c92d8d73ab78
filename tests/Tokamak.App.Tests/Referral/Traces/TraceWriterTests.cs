using System.Text.RegularExpressions;
using Tokamak.App.Brands;
using Tokamak.App.Demo;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.App.Tests.Referral.Traces;

public sealed partial class TraceWriterTests(TraceWriterTests.SmallBrand brand) : IClassFixture<TraceWriterTests.SmallBrand>
{
    /// <summary>A hundredth of the demo brand, which holds every story.</summary>
    public sealed class SmallBrand
    {
        public SmallBrand()
        {
            var folder = Directory.CreateTempSubdirectory("tokamak-trace-");
            try
            {
                DemoFiles.Write(folder.FullName, 1, _ => { });
                string At(string name) => Path.Combine(folder.FullName, name);
                var (names, _) = BrandNamesFile.Read(At(DemoFiles.Names));
                var (books, wrong) = Books.Load(At(DemoFiles.Facts), At(DemoFiles.Policy), names!);
                Assert.Empty(wrong);
                Books = books!;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        public Books Books { get; }

        public Trace TraceOf(FactId sale, Language? language = null)
        {
            var spoken = language ?? Language.English;
            return new TraceWriter(Books, Texts.In(spoken), new Show(spoken)).Of(sale, Scope.All)!;
        }
    }

    [Fact]
    public void A_refused_claimant_reads_who_held_the_member_until_when_and_what_to_do()
    {
        var refused = Entry(DemoStories.ContestedWhileLocked, "R4.4");
        Assert.Equal(TraceOutcome.NotGiven, refused.Outcome);
        Assert.Contains(brand.Books.Names.StaffName(new StaffId("K037")), refused.Who);
        Assert.Contains("no one else could take over before 1 April 2026", refused.Sentence);
        Assert.Contains("from 1 April 2026 on can take over", refused.Next);
    }

    [Fact]
    public void A_former_owner_reads_who_took_over_and_through_what()
    {
        var lost = Entry(DemoStories.ContestedAfterLock, "R4.5");
        Assert.Contains(brand.Books.Names.StaffName(new StaffId("K032")), lost.Who);
        Assert.Contains("took over through a service (app install)", lost.Sentence);
    }

    [Fact]
    public void Decay_is_told_with_its_days_and_percent_until_nothing_is_left()
    {
        string[] percents = ["100%", "50%", "20%"];
        for (var i = 0; i < percents.Length; i++) Assert.Contains($"so {percents[i]} of the owner's share", Owner(DemoStories.FadingOrders[i]).Sentence);
        var last = Owner(DemoStories.FadingOrders[3]);
        Assert.Equal(TraceOutcome.NotGiven, last.Outcome);
        Assert.Equal("R3 R8", last.Rule);
        Assert.Contains("because no service renewed it", last.Sentence);
    }

    [Fact]
    public void A_clerk_buying_for_themselves_reads_that_the_role_stays_empty()
    {
        var closer = Section(DemoStories.SelfPurchase, "closer");
        Assert.Contains(closer.Entries, e => e.Outcome == TraceOutcome.NotGiven && e.Sentence.EndsWith("It is this clerk's own purchase; the role stays empty.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_who_declined_belongs_to_nobody_and_only_their_choice_changes_that()
    {
        var trace = brand.TraceOf(DemoStories.WhileDeclined);
        Assert.Contains(trace.Sections[0].Entries, e => e.Sentence.Contains("Then the member declined", StringComparison.Ordinal) && e.Next!.StartsWith("Only the member", StringComparison.Ordinal));
        Assert.Contains(brand.Books.Names.StaffName(new StaffId("K025")), Owner(DemoStories.AfterChoice).Who);
    }

    [Fact]
    public void Each_store_of_a_split_pickup_reads_its_handovers_and_its_pay()
    {
        var handover = Section(DemoStories.SplitPickup, "handover").Entries;
        Assert.Equal(2, handover.Count(e => e.Rule == "R9" && e.Outcome == TraceOutcome.Given));
        Assert.Equal(2, handover.Count(e => e.Rule == "R12" && e.Outcome == TraceOutcome.Given));
        Assert.Equal(2, Section(DemoStories.SplitPickup, "later").Entries.Count);
    }

    [Fact]
    public void What_a_trace_gives_adds_up_to_the_remaining_net_of_every_sale()
    {
        foreach (var sale in brand.Books.Sales)
        {
            var trace = brand.TraceOf(sale.Fact.Id);
            var given = trace.Sections.SelectMany(s => s.Entries)
                .Where(e => e.Role is not null && e.Rule.Contains("R9", StringComparison.Ordinal))
                .Aggregate((Int128)0, (sum, e) => sum + (e.Amount ?? 0));
            Int128 net = 0;
            for (var i = 0; i < sale.Count; i++) net += sale.Line(i).Net;
            Assert.True(given == net, $"{sale.Fact.Id}: the trace gives {given} of {net}");
        }
    }

    [Fact]
    public void Every_trace_is_in_one_language_but_for_marked_names()
    {
        foreach (var sale in brand.Books.Sales)
            foreach (var entry in brand.TraceOf(sale.Fact.Id).Sections.SelectMany(s => s.Entries))
            {
                var words = string.Concat(new[] { entry.Sentence, entry.Next ?? "", entry.Who }.SelectMany(NameMarks.Pieces).Where(p => !p.IsName).Select(p => p.Text));
                Assert.DoesNotMatch(Chinese(), words);
            }
        Assert.All(brand.TraceOf(DemoStories.SplitPickup, Language.Chinese).Sections, s => Assert.Matches(Chinese(), s.Heading));
    }

    [Fact]
    public void An_unknown_sale_has_no_trace() =>
        Assert.Null(new TraceWriter(brand.Books, Texts.In(Language.English), new Show(Language.English)).Of(new FactId("nothing"), Scope.All));

    private TraceEntry Owner(FactId sale) => brand.TraceOf(sale).Sections[0].Entries[0];

    private TraceEntry Entry(FactId sale, string rule) => Assert.Single(brand.TraceOf(sale).Sections.SelectMany(s => s.Entries), e => e.Rule == rule);

    private TraceSection Section(FactId sale, string name) =>
        Assert.Single(brand.TraceOf(sale).Sections, s => s.Heading == Texts.In(Language.English)["trace.section." + name]);

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();
}
