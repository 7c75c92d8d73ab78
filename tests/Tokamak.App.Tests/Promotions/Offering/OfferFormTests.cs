using Tokamak.App.Promotions.Offering;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>An offer between its form and its JSON: nothing that was typed is lost, and what can be read is exactly what was typed.</summary>
public sealed class OfferFormTests
{
    private static readonly OfferFrame Frame = new(OfferCases.Taipei, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Any_offer_goes_into_the_form_and_comes_out_the_same(int decimals)
    {
        for (var seed = 0; seed < 1_500; seed++)
        {
            foreach (var body in OfferCases.RandomBodies(seed))
            {
                var frame = Frame with { Decimals = decimals };
                var id = Id(body);
                var before = OfferText.Check(id, body);
                var written = OfferJson.Write(OfferFields.Read(body, frame), id, frame);
                var after = OfferText.Check(id, written);
                Assert.True(after.Faults.Count == 0, $"seed {seed}: {string.Join(' ', after.Faults)}\n{body}\n{written}");
                Assert.Equal((OfferCases.Meaning(before.Offer!), before.Offer!.Name), (OfferCases.Meaning(after.Offer!), after.Offer!.Name));
                // From then on the bytes are the same.
                Assert.Equal(written, OfferJson.Write(OfferFields.Read(written, frame), id, frame));
            }
        }
    }

    [Fact]
    public void What_cannot_be_read_goes_back_as_it_was_typed_and_is_told_at_its_field()
    {
        var form = OfferTemplates.Of(OfferTemplate.AddOn);
        (form.Amount, form.NeedsLeast, form.Take, form.Limit, form.PerMember) = ("很便宜", "一千", "21", "0", "1.5");
        (form.From, form.Until, form.Hours, form.Days) = ("下週", "2026-11-31", "早上, 9:00-8:00", "1, 32");
        form.Weekdays = ["8"];
        var body = OfferJson.Write(form, "P1", Frame);
        var check = OfferText.Check("P1", body);
        Assert.Null(check.Offer);
        Assert.Equal(
            ["amount", "days", "from", "hours", "limit", "needsLeast", "perMember", "take", "until", "weekdays"],
            check.Faults.Select(fault => OfferPaths.FieldOf(fault.Path!)).Distinct().Order(StringComparer.Ordinal));
        var back = OfferFields.Read(body, Frame);
        Assert.Equal(("很便宜", "一千", "21", "0", "1.5"), (back.Amount, back.NeedsLeast, back.Take, back.Limit, back.PerMember));
        Assert.Equal(("下週", "2026-11-31", "早上, 09:00–08:00", "1, 32"), (back.From, back.Until, back.Hours, back.Days));
        Assert.Equal(["8"], back.Weekdays);
    }

    [Fact]
    public void Steps_of_every_kind_tell_their_faults_in_their_rows()
    {
        var order = OfferTemplates.Of(OfferTemplate.EveryThousand);
        order.Steps.Add(new StepFields { From = "900", Gives = "50" });
        Assert.Equal(["every", "steps[1].from", "steps[1].gives"], Fields(order));
        order.Steps.Clear();
        Assert.Equal(["steps"], Fields(order));
        var reward = OfferTemplates.Of(OfferTemplate.GiftFromAmount);
        reward.Gifts.Add(new GiftFields { From = "3000" });
        reward.Gifts.Add(new GiftFields { From = "4000", Quantity = "2" });
        Assert.Equal(["gifts[1]", "gifts[2].skus"], Fields(reward));
        var pair = OfferTemplates.Of(OfferTemplate.RedWithGreen);
        (pair.OtherTake, pair.OtherItems.Tags, pair.Items.All) = ("x", "", true);
        Assert.Equal(["items.all", "otherItems", "otherTake"], Fields(pair));
        Assert.Equal(["kind", "name"], Fields(new OfferForm()));
        Assert.Equal(["amount", "items", "name"], Fields(new OfferForm { Kind = OfferForm.Price, Give = OfferForm.Percent }));
        Assert.Equal(["give", "items", "name", "take"], Fields(new OfferForm { Kind = OfferForm.Unit }));
    }

    [Fact]
    public void Fields_of_a_kind_that_is_not_chosen_are_not_written()
    {
        var form = OfferTemplates.Of(OfferTemplate.CouponOff);
        (form.Kind, form.Give, form.Amount, form.Limit, form.RegularOnly, form.Alone) = (OfferForm.Price, OfferForm.Percent, "10", "3", true, true);
        Assert.Empty(Fields(form));
    }

    [Theory]
    [InlineData("A", new[] { "A" })]
    [InlineData(" A、B ，C;D\r\nE ", new[] { "A", "B", "C", "D", "E" })]
    [InlineData("\"A, B\", C", new[] { "A, B", "C" })]
    [InlineData("5\" pipe", new[] { "5\" pipe" })]
    [InlineData("\"open, B", new[] { "\"open", "B" })]
    [InlineData("", new string[0])]
    public void Names_are_typed_apart_by_commas_of_either_script_or_by_lines(string typed, string[] names) => Assert.Equal(names, TypedNames.Read(typed));

    [Fact]
    public void Any_names_come_back_from_the_field_as_they_were()
    {
        string[] names = ["A", "A, B", "甲、乙", "\"quoted\"", " spaces ", "5\"", "\"", "全形；分號"];
        Assert.Equal(names, TypedNames.Read(TypedNames.Write(names)));
    }

    [Theory]
    [InlineData("2026-11-21T15:00", "2026-11-21T15:00:00+08:00")]
    [InlineData("２０２６/11/21 15:00", "2026-11-21T15:00:00+08:00")]
    // A day alone is all of it.
    [InlineData("2026-11-30", "2026-12-01T00:00:00+08:00")]
    [InlineData("2026-11-21T15:00:00Z", "2026-11-21T15:00:00Z")]
    [InlineData("tomorrow", "tomorrow")]
    public void The_end_is_typed_in_the_brands_own_time(string typed, string written) =>
        Assert.Contains($"\"until\":\"{written}\"", OfferJson.Write(new OfferForm { Until = typed }, "P1", Frame), StringComparison.Ordinal);

    [Fact]
    public void Every_template_is_sound_and_named_and_explained_in_both_languages()
    {
        var seen = new HashSet<string>();
        foreach (var template in Enum.GetValues<OfferTemplate>())
        {
            Assert.Empty(Fields(OfferTemplates.Of(template)));
            foreach (var language in Language.All)
            {
                var (name, does) = OfferTemplates.Words(template, Texts.In(language));
                Assert.True(seen.Add(name) && seen.Add(does));
            }
        }
    }

    private static IEnumerable<string> Fields(OfferForm form) =>
        OfferText.Check("P1", OfferJson.Write(form, "P1", Frame)).Faults.Select(fault => OfferPaths.FieldOf(fault.Path!)).Distinct().Order(StringComparer.Ordinal);

    private static string Id(string body)
    {
        using var document = System.Text.Json.JsonDocument.Parse(body);
        return document.RootElement.GetProperty("id").GetString()!;
    }
}
