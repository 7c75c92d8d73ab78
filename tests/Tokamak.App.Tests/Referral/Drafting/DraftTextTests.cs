using System.Text;
using Tokamak.App.Demo;
using Tokamak.App.Referral.Drafting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Drafting;

/// <summary>A draft between its form and its JSON: nothing that was typed is lost, and what can be read is exactly what was typed.</summary>
public sealed class DraftTextTests
{
    private static readonly DraftFrame First = new(null, null, 0);

    public static TheoryData<string> Policies =>
    [
        .. Enum.GetValues<PolicyTemplate>().Select(template => Encoding.UTF8.GetString(PolicyWriter.Write(PolicyTemplates.Of(template, 1, new DateOnly(2027, 1, 1), "Asia/Taipei", "TWD")))),
        World.Policy,
        .. World.Of("", DemoPolicy.Json).Policy.Versions.Select(version => Encoding.UTF8.GetString(PolicyWriter.Write(version with { Version = 1 }))),
    ];

    [Theory, MemberData(nameof(Policies))]
    public void A_version_goes_into_the_form_and_comes_out_the_same(string body)
    {
        var stored = DraftCheck.Of(body, First);
        Assert.True(stored.IsReady);
        var again = DraftCheck.Of(DraftText.Read(body, 0), First);
        Assert.Empty(PolicyChanges.Between(stored.Version!, again.Version!));
        // Splits stand in the form's own order; what follows from them is the same, and so are the bytes from then on.
        Assert.Equal(again.Body, DraftCheck.Of(DraftText.Read(again.Body, 0), First).Body);
    }

    [Fact]
    public void Bad_input_stays_as_it_was_typed_and_loses_nothing_else()
    {
        var form = Template();
        form.Services[0].Strength = "很強";
        form.Rates[0].Rate = "3.555";
        form.Rates[0].Categories = "鞋類 4\n包包\n鞋類 5";
        form.Decay[0].Days = "";
        form.From = "明年";
        form.Store.Owner = "60";
        var check = DraftCheck.Of(form, First);
        Assert.Null(check.Version);
        Assert.Equal(
            ["decay[0].days", "effectiveFrom", "rates[0].categories", "rates[0].rate", "services[0].strength", "split.store.shares"],
            check.ByField(form).Select(field => field.Key).Order(StringComparer.Ordinal));
        var back = DraftText.Read(check.Body, 0);
        Assert.Equal(("很強", "3.555", "", "明年", "60"), (back.Services[0].Strength, back.Rates[0].Rate, back.Decay[0].Days, back.From, back.Store.Owner));
        Assert.Equal("鞋類 4\n包包 \n鞋類 5", back.Rates[0].Categories);
        Assert.Equal("30", back.Services[0].LockDays);
    }

    [Fact]
    public void Rates_are_typed_per_cent_and_money_with_the_decimals_of_the_currency()
    {
        var form = Template();
        (form.Rates[0].Rate, form.Cap) = ("2.25", "1,234.5");
        var cents = new DraftFrame(null, null, 2);
        var version = DraftCheck.Of(form, cents).Version!;
        Assert.Equal((225, 123_450L), (version.Rates[0].RateBps, version.CapPerMonth));
        Assert.Equal("1234.5", DraftText.Read(DraftCheck.Of(form, cents).Body, 2).Cap);
    }

    [Fact]
    public void A_channel_without_shares_has_no_rule()
    {
        var form = Template();
        (form.Store.Owner, form.Store.Closer, form.Store.Handover) = ("", " ", null);
        form.Online.Owner = "x";
        var check = DraftCheck.Of(form, First);
        // The one rule that is left is the first of the file, and still the online one of the form.
        Assert.Equal("split.online.shares.owner", Assert.Single(check.ByField(form)).Key);
        form.Online.Owner = "40";
        Assert.Null(DraftCheck.Of(form, First).Version!.SplitOf(Channel.Store));
    }

    [Fact]
    public void Rows_are_added_and_taken_away_by_what_the_button_says()
    {
        var form = Template();
        var count = form.Rates.Count;
        form.Do = "add.rates";
        Assert.True(form.ChangeRows());
        Assert.Equal(count + 1, form.Rates.Count);
        form.Do = "drop.rates.0";
        Assert.True(form.ChangeRows());
        Assert.Equal("closer", form.Rates[0].Role);
        foreach (var other in (string?[])[null, "save", "add.walls", "drop"])
        {
            form.Do = other;
            Assert.False(form.ChangeRows());
        }
        foreach (var nothing in (string[])["drop.rates.99", "drop.rates.-1", "drop.rates.x"])
        {
            form.Do = nothing;
            Assert.True(form.ChangeRows());
            Assert.Equal(count, form.Rates.Count);
        }
        form.Do = "add.rates";
        for (var i = 0; i < 100; i++) form.ChangeRows();
        Assert.Equal(DraftForm.MostRows, form.Rates.Count);
    }

    [Fact]
    public void A_part_without_a_fault_is_read_back_whatever_is_wrong_in_the_others()
    {
        var form = Template();
        (form.LinkDays, form.Takeover) = ("soon", "any");
        var view = new DraftView(form, First, null, true, Texts.In(Language.English), new Show(Language.English));
        Assert.Null(view.Check.Version);
        Assert.Contains(view.SentencesOf(MechanismPart.Binding), sentence => sentence.Text.Contains("any listed service does", StringComparison.Ordinal));
        Assert.Empty(view.SentencesOf(MechanismPart.Lives));
        Assert.Equal(("linkDays", "Give a whole number from 0 to 10,000."), Assert.Single(view.FaultsIn(MechanismPart.Lives)));
        form.Rates[0].Categories = "a 1\na 2";
        Assert.NotEmpty(new DraftView(form, First, null, true, Texts.In(Language.English), new Show(Language.English)).SentencesOf(MechanismPart.Divided));
    }

    [Fact]
    public void Every_kind_of_fault_and_every_warning_has_words_in_both_languages()
    {
        foreach (var language in Language.All)
        {
            var words = new DraftWords(Texts.In(language), new Show(language));
            foreach (var kind in Enum.GetValues<FaultKind>())
                foreach (var field in (string[])["rates[0].rate", "rates[0].perHandover", "bounties[0].service", "services[0].kind", "timezone", "currency"])
                    Assert.NotEmpty(words.Of(field, new Fault("x") { Kind = kind, Most = 9 }, new DraftFrame(null, new DateOnly(2027, 1, 1), 0, new DateOnly(2028, 1, 1))));
            foreach (var template in Enum.GetValues<PolicyTemplate>()) Assert.NotEqual(words.Of(template).Name, words.Of(template).Does);
            foreach (var part in Enum.GetValues<MechanismPart>()) Assert.NotEmpty(words.PartOf(part));
            foreach (var type in typeof(PolicyWarning).Assembly.GetTypes().Where(type => type.BaseType == typeof(PolicyWarning)))
                Assert.NotEmpty(words.Of(Example(type)));
        }
    }

    private static PolicyWarning Example(Type type) => (PolicyWarning)type.GetConstructors()[0].Invoke(
        [.. type.GetConstructors()[0].GetParameters().Select(parameter => parameter.ParameterType == typeof(string) ? "kind" : Activator.CreateInstance(parameter.ParameterType))]);

    private static DraftForm Template() =>
        DraftText.Read(Encoding.UTF8.GetString(PolicyWriter.Write(PolicyTemplates.Of(PolicyTemplate.DecayingOwner, 1, new DateOnly(2027, 1, 1), "Asia/Taipei", "TWD"))), 0);
}
