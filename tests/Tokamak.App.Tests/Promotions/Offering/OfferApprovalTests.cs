using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Offering;

public sealed class OfferApprovalTests(PostgresServer server)
{
    private const string Half = """{ "id": "P1", "name": {"zh-TW": "第二件半價"}, "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {"cheapest": 1, "percent": 50}} }""";
    private static readonly Guid Mei = new("00000000-0000-0000-0000-000000000001"), Wen = new("00000000-0000-0000-0000-000000000002");
    private static readonly Instant Now = new(new DateTime(2026, 11, 22, 4, 0, 0, DateTimeKind.Utc).Ticks);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task An_offer_counts_once_a_second_person_has_approved_what_the_first_saw(Provider provider)
    {
        await using var brand = await OfferBrand.CreateAsync(provider, server);
        Assert.Equal(OfferSaved.Done, await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", null, Half, Mei, Now, Stop)));
        var sha = OfferText.Check("P1", Half).Sha256;
        Assert.Equal(OfferStep.NotAsked, (await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Wen, Now, [], Stop))).Step);
        Assert.Equal(OfferStep.Changed, await brand.WriteAsync(turn => OfferApproval.AskAsync(turn, "P1", "of something else", Mei, Now, Stop)));
        Assert.Equal(OfferStep.Done, await brand.WriteAsync(turn => OfferApproval.AskAsync(turn, "P1", sha, Mei, Now, Stop)));
        Assert.Empty((await brand.OffersAsync()).Book.Offers);

        Assert.Equal(OfferStep.SamePerson, (await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Mei, Now, [], Stop))).Step);
        Assert.Equal(OfferStep.LetIn, (await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Wen, Now, [new LetIn(Mei, Wen)], Stop))).Step);
        Assert.Equal((OfferStep.Done, 1), await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Wen, Now, [], Stop)));
        var held = await brand.OffersAsync();
        Assert.Equal((1, "P1"), (held.Edition, Assert.Single(held.Book.Offers).Id));
        Assert.Equal((Mei.ToString(), Wen.ToString()), (held.Latest["P1"].AskedBy, held.Latest["P1"].ApprovedBy));
        // Done once.
        Assert.Equal(OfferStep.NotAsked, (await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Wen, Now, [], Stop))).Step);
    }

    [Theory, EveryDatabase]
    public async Task A_change_after_asking_is_to_be_asked_for_anew_and_an_older_page_is_told(Provider provider)
    {
        await using var brand = await OfferBrand.CreateAsync(provider, server);
        await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", null, Half, Mei, Now, Stop));
        Assert.Equal(OfferSaved.Changed, await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", null, Half, Wen, Now, Stop)));
        var sha = OfferText.Check("P1", Half).Sha256;
        await brand.WriteAsync(turn => OfferApproval.AskAsync(turn, "P1", sha, Mei, Now, Stop));
        var sixty = Half.Replace("50", "60", StringComparison.Ordinal);
        Assert.Equal(OfferSaved.Done, await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", 1, sixty, Wen, Now, Stop)));
        Assert.Equal(OfferSaved.Changed, await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", 1, Half, Mei, Now, Stop)));
        Assert.Equal(OfferStep.NotAsked, (await brand.WriteAsync(turn => OfferApproval.ConfirmAsync(turn, "P1", sha, Wen, Now, [], Stop))).Step);
        // One that cannot be read is not asked for, and says where.
        var wrong = Half.Replace("\"count\": 2", "\"count\": 0", StringComparison.Ordinal);
        await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", 2, wrong, Mei, Now, Stop));
        Assert.Equal(OfferStep.MayNot, await brand.WriteAsync(turn => OfferApproval.AskAsync(turn, "P1", null, Mei, Now, Stop)));
        Assert.Contains(OfferText.Check("P1", wrong).Faults, fault => fault.Path == "$.unit.take[0].count");
        Assert.Equal(OfferSaved.Done, await brand.WriteAsync(turn => OfferDrafts.DeleteAsync(turn, "P1", 3, Stop)));
        Assert.Equal(OfferSaved.Gone, await brand.WriteAsync(turn => OfferDrafts.SaveAsync(turn, "P1", 3, Half, Mei, Now, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task One_person_ends_an_offer_and_every_edition_stays_what_it_was(Provider provider)
    {
        await using var brand = await OfferBrand.CreateAsync(provider, server);
        var whole = $$"""{"timezone": "Asia/Taipei", "floorPercent": 60, "offers": [{{Half}}, {{Half.Replace("P1", "P2", StringComparison.Ordinal)}}]}""";
        await brand.ImportAsync(whole);
        Assert.Equal((3, 60), ((await brand.OffersAsync()).Edition, (await brand.OffersAsync()).Book.FloorPercent));
        // The same again changes nothing.
        await brand.ImportAsync(whole);
        Assert.Equal(3, (await brand.OffersAsync()).Edition);

        Assert.Equal(OfferStep.Changed, await brand.WriteAsync(turn => OfferApproval.EndAsync(turn, "P1", 3, Mei, Now, Stop)));
        Assert.Equal(OfferStep.Done, await brand.WriteAsync(turn => OfferApproval.EndAsync(turn, "P1", 2, Mei, Now, Stop)));
        Assert.Equal(OfferStep.NotAsked, await brand.WriteAsync(turn => OfferApproval.EndAsync(turn, "P1", 2, Mei, Now, Stop)));
        Assert.Equal(OfferStep.MayNot, await brand.WriteAsync(turn => OfferApproval.EndAsync(turn, OfferVersionRow.Terms, 1, Mei, Now, Stop)));
        Assert.Equal("P2", Assert.Single((await brand.OffersAsync()).Book.Offers).Id);
        Assert.Equal(["P1", "P2"], (await brand.OffersAsync(3)).Book.Offers.Select(offer => offer.Id));
        Assert.Empty((await brand.OffersAsync(1)).Book.Offers);
    }

    [Theory]
    [InlineData("P1", "[]", "$")]
    [InlineData("P1", "{", "$")]
    [InlineData("P1", """{"id": "P1", "id": "P1"}""", "$")]
    [InlineData("P1", """{"id": "P2", "name": {"en": "x"}, "price": {"items": {"all": true}, "off": 1}}""", "$.id")]
    [InlineData("P1", """{"id": "P1", "name": {"en": "x"}}""", "$")]
    [InlineData("P1", """{"id": "P1", "name": {"en": "\ud800"}, "price": {"items": {"all": true}, "off": 1}}""", "$")]
    [InlineData("", """{"timezone": "Asia/Taipei", "offers": []}""", "$.offers")]
    [InlineData("", """{"timezone": "Asia/Nowhere"}""", "$.timezone")]
    public void What_is_wrong_with_a_draft_is_said_with_its_place_in_it(string offer, string body, string path)
    {
        var check = OfferText.Check(offer, body);
        Assert.Null(check.Sha256);
        Assert.StartsWith(path, Assert.Single(check.Faults).Path, StringComparison.Ordinal);
    }
}
