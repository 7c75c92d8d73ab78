using System.Net;
using System.Text.RegularExpressions;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>The pages of offers as forms without scripts, with what the audit log says of them.</summary>
public sealed partial class OfferPageTests(PostgresServer server)
{
    private const string List = "/offers";

    [Theory, EveryDatabase]
    public async Task An_offer_is_written_asked_for_approved_changed_and_ended_and_every_step_stands_in_the_log(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        var (hana, fei, ann) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"), await world.SignedInAsync("ann"));
        Assert.Contains("There are no offers yet", (await hana.GetAsync(List)).Page, StringComparison.Ordinal);

        var page = (await hana.SubmitAsync(List, "make", ("Typed.Id", "socks"), ("Typed.Template", "SecondHalf"))).Location!;
        Assert.Equal("/offers/socks", page);
        var saved = await SendAsync(hana, page, "save", ("Typed.Items.All", null), ("Typed.Items.Categories", "socks"));
        Assert.Contains("Saved.", saved.Page, StringComparison.Ordinal);
        Assert.Contains("of every 2 pieces the cheapest one 50% off", saved.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("socks", (await ann.GetAsync(List)).Page, StringComparison.Ordinal);

        var seen = Hash().Match((await hana.GetAsync(page)).Page).Value;
        Assert.Contains("You asked for it yourself", (await hana.SubmitAsync(page, "ask", ("Typed.Seen", seen))).Page, StringComparison.Ordinal);
        Assert.Contains("You asked for it yourself", (await hana.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.Contains("Waiting for approval", (await hana.GetAsync(List)).Page, StringComparison.Ordinal);
        Assert.Contains("tick", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen))).Page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Approved.", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.Contains("Nobody has asked", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.Contains("category", (await ann.GetAsync(List)).Page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync(page)).Status);

        // A change is a draft of its own: until it is approved, what holds goes on.
        Assert.Equal(page, (await hana.SubmitAsync(page, "revise")).Location);
        var changed = await SendAsync(hana, page, "save", ("Typed.Amount", "40"), ("Typed.From", "2031-01-01T00:00"));
        Assert.Contains("40% off", changed.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("40% off", (await ann.GetAsync(List)).Page, StringComparison.Ordinal);
        seen = Hash().Match((await hana.GetAsync(page)).Page).Value;
        await hana.SubmitAsync(page, "ask", ("Typed.Seen", seen));
        Assert.Contains("Taken back", (await fei.SubmitAsync(page, "takeback")).Page, StringComparison.Ordinal);
        await hana.SubmitAsync(page, "ask", ("Typed.Seen", seen));
        await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"));
        Assert.Contains("Scheduled", (await ann.GetAsync(List)).Page, StringComparison.Ordinal);
        var history = (await fei.GetAsync(page)).Page;
        Assert.Contains("Edition 1", history, StringComparison.Ordinal);
        Assert.Contains("Edition 2", history, StringComparison.Ordinal);

        Assert.Contains("tick", (await hana.SubmitAsync(page, "end", ("Typed.Edition", "2"))).Page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("It has changed since", (await hana.SubmitAsync(page, "end", ("Typed.Edition", "1"), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.Contains("The offer is ended", (await hana.SubmitAsync(page, "end", ("Typed.Edition", "2"), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.Contains("Nobody has asked", (await hana.SubmitAsync(page, "end", ("Typed.Edition", "3"), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        Assert.DoesNotContain("socks", (await ann.GetAsync(List)).Page, StringComparison.Ordinal);
        Assert.Contains("Ended early by", (await hana.GetAsync(List)).Page, StringComparison.Ordinal);

        AuditKind[] kinds = [.. (await world.AuditAsync()).Where(entry => entry.About == "socks").Select(entry => entry.What)];
        Assert.Equal(
            [
                AuditKind.OfferDraftMade, AuditKind.OfferDraftChanged, AuditKind.OfferAsked, AuditKind.OfferApproved, AuditKind.OfferDraftMade, AuditKind.OfferDraftChanged,
                AuditKind.OfferAsked, AuditKind.OfferTakenBack, AuditKind.OfferAsked, AuditKind.OfferApproved, AuditKind.OfferEnded,
            ], kinds);
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing_whatever_they_send()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        var (hana, fei) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Template", "Discount"))).Location!;
        Assert.Equal("/offers/P1", page);
        Assert.DoesNotContain("value=\"save\"", (await fei.GetAsync(page)).Page, StringComparison.Ordinal);
        Assert.DoesNotContain("Write a new offer", (await fei.GetAsync(List)).Page, StringComparison.Ordinal);
        await hana.SubmitAsync(page, "ask", ("Typed.Seen", Hash().Match((await hana.GetAsync(page)).Page).Value));
        var token = Tests.Web.SignedIn.FormToken((await fei.GetAsync(page)).Page);
        foreach (var (form, fields) in ((string, (string, string)[])[])[("draft", [("Typed.Do", "save"), ("Typed.Chinese", "x"), ("Typed.Revision", "1")]), ("ask", []), ("delete", [("Typed.Sure", "true"), ("Typed.Revision", "1")]), ("revise", []), ("end", [("Typed.Sure", "true"), ("Typed.Edition", "1")])])
            await fei.PostAsync(page, [("__RequestVerificationToken", token), ("_handler", form), .. fields]);
        await fei.PostAsync(List, ("__RequestVerificationToken", token), ("_handler", "make"), ("Typed.Template", "Discount"));
        var row = Assert.Single(await world.ReadAsync(books => Task.FromResult(books.OfferDrafts.ToList())));
        Assert.Equal(("P1", 1), (row.Offer, row.Revision));
    }

    [Fact]
    public async Task Bad_input_stays_as_it_was_typed_with_a_word_at_its_field_and_cannot_be_asked_for()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var hana = await world.SignedInAsync("hana");
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Template", "EveryThousand"))).Location!;
        var added = await SendAsync(hana, page, "add.steps", ("Typed.Until", "next week"));
        Assert.Contains("name=\"Typed.Steps[1].From\"", added.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"next week\"", added.Page, StringComparison.Ordinal);
        Assert.Contains("Give a date and time", added.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Typed.Steps[0].From\"", (await SendAsync(hana, page, "drop.steps.0")).Page, StringComparison.Ordinal);
        var saved = await SendAsync(hana, page, "save", ("Typed.Steps[0].Gives", "much"), ("Typed.Items.All", null), ("Typed.Chinese", ""), ("Typed.English", ""));
        Assert.Contains("Something is still wrong", saved.Page, StringComparison.Ordinal);
        var again = (await hana.GetAsync(page)).Page;
        foreach (var said in (string[])["value=\"much\"", "Tick \"All goods\"", "Give a name in at least one language.", "Give an amount of NT$ 1 or more."]) Assert.Contains(said, again, StringComparison.Ordinal);
        Assert.DoesNotContain("Fingerprint", again, StringComparison.Ordinal);
        Assert.Contains("Something in it is still", (await hana.GetAsync(List)).Page, StringComparison.Ordinal);
        foreach (var id in (string[])["a b", "calendar", "..", "../x", "ß", new string('a', 61)])
            Assert.Contains("Give 1 to 60 letters", (await hana.SubmitAsync(List, "make", ("Typed.Id", id), ("Typed.Template", "Discount"))).Page, StringComparison.Ordinal);
        Assert.Contains("There is an offer of this id", (await hana.SubmitAsync(List, "make", ("Typed.Id", "P1"), ("Typed.Template", "Discount"))).Page, StringComparison.Ordinal);
        Assert.Contains("Choose a template", (await hana.SubmitAsync(List, "make", ("Typed.Template", "77"))).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_saves_too_late_is_told_keeps_what_they_typed_and_may_put_it_in_place()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var hana = await world.SignedInAsync("hana");
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Template", "Discount"))).Location!;
        var before = FieldsOf((await hana.GetAsync(page)).Page);
        await SendAsync(hana, page, "save", ("Typed.Amount", "25"));
        var late = await PostAsync(hana, page, before, "save", ("Typed.Amount", "35"));
        Assert.Contains("Somebody else saved this draft", late.Page, StringComparison.Ordinal);
        Assert.Contains("25% off", late.Page, StringComparison.Ordinal);
        Assert.Contains("name=\"Typed.Amount\" value=\"35\"", late.Page, StringComparison.Ordinal);
        Assert.Contains("Saved.", (await PostAsync(hana, page, FieldsOf(late.Page), "overwrite")).Page, StringComparison.Ordinal);
        Assert.Contains("\"percent\":35", Assert.Single(await world.ReadAsync(books => Task.FromResult(books.OfferDrafts.ToList()))).Body, StringComparison.Ordinal);
        // A draft that somebody changed is not deleted by who has not seen that.
        Assert.Contains("changed", (await hana.SubmitAsync(page, "delete", ("Typed.Sure", "true"), ("Typed.Revision", "1"))).Page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("/offers?deleted=1", (await hana.SubmitAsync(page, "delete", ("Typed.Sure", "true"), ("Typed.Revision", "3"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await hana.GetAsync(page)).Status);
    }

    [Fact]
    public async Task The_preview_tells_what_another_offer_is_displaced_by_this_one()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.WriteAsync(turn => OfferApproval.StoreAsync(
            turn, [("old", """{"id":"old","name":{"en":"Fifty off"},"order":{"items":{"all":true},"spend":[{"from":500,"off":50}]}}""")], "import", "import", new Instant(world.Clock.GetUtcNow().UtcTicks), AccessWorld.Stop));
        var hana = await world.SignedInAsync("hana");
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Template", "EveryThousand"))).Location!;
        var said = (await hana.GetAsync(page)).Page;
        Assert.Contains("is not any more", said, StringComparison.Ordinal);
        Assert.Contains("Fifty off (old)", said, StringComparison.Ordinal);
        // At 2,000 a piece, two of them.
        Assert.Contains("NT$ 4,000", (await SendAsync(hana, page, "check", ("Typed.SamplePrice", "2000"), ("Typed.Steps[0].From", "4000"))).Page, StringComparison.Ordinal);
        // Of an offer that a command imported, the command's name stands where a person's would.
        Assert.Contains("import", (await hana.GetAsync("/offers/old")).Page, StringComparison.Ordinal);
        Assert.Contains("Fifty off", (await hana.GetAsync("/offers/calendar")).Page, StringComparison.Ordinal);
        Assert.Contains("No offers in this month", (await (await EndedAsync(world, hana)).GetAsync("/offers/calendar")).Page, StringComparison.Ordinal);
    }

    /// <summary>After the one offer was ended and the draft deleted.</summary>
    private static async Task<AccessWorld.Browser> EndedAsync(AccessWorld world, AccessWorld.Browser hana)
    {
        await hana.SubmitAsync("/offers/old", "end", ("Typed.Edition", "1"), ("Typed.Sure", "true"));
        await hana.SubmitAsync("/offers/P1", "delete", ("Typed.Revision", "1"), ("Typed.Sure", "true"));
        Assert.Empty(await world.ReadAsync(books => Task.FromResult(books.OfferDrafts.ToList())));
        return hana;
    }

    /// <summary>Sends the form as it stands on the page, some fields changed; null: not sent at all, as a box that is not ticked.</summary>
    private static async Task<AccessWorld.Answer> SendAsync(AccessWorld.Browser browser, string page, string @do, params (string Name, string? Value)[] changed) =>
        await PostAsync(browser, page, FieldsOf((await browser.GetAsync(page)).Page), @do, changed);

    private static Task<AccessWorld.Answer> PostAsync(AccessWorld.Browser browser, string page, List<(string Name, string Value)> fields, string @do, params (string Name, string? Value)[] changed)
    {
        var sent = fields.Where(field => field.Name != "Typed.Do" && !Array.Exists(changed, one => one.Name == field.Name)).Append(("Typed.Do", @do)).Concat(changed.Where(one => one.Value is not null).Select(one => (one.Name, one.Value!)));
        return browser.PostAsync(page, [.. sent]);
    }

    /// <summary>What a browser would send of the offer's form.</summary>
    private static List<(string Name, string Value)> FieldsOf(string page)
    {
        var from = page.IndexOf("class=\"draft offer-form\"", StringComparison.Ordinal);
        var form = page[from..page.IndexOf("</form>", from, StringComparison.Ordinal)];
        List<(string, string)> fields = [];
        foreach (Match input in Input().Matches(form))
            if (Attribute(input.Value, "type") is not ("checkbox" or "radio") || input.Value.Contains(" checked", StringComparison.Ordinal))
                fields.Add((Attribute(input.Value, "name"), Attribute(input.Value, "value")));
        foreach (Match select in Select().Matches(form))
            fields.Add((select.Groups["name"].Value, Attribute(Selected().Match(select.Groups["options"].Value).Value, "value")));
        foreach (Match area in Area().Matches(form)) fields.Add((area.Groups["name"].Value, area.Groups["text"].Value));
        return fields;
    }

    private static string Attribute(string tag, string name) => Regex.Match(tag, $"\\b{name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value;

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex("<input [^>]*name=\"[^\"]+\"[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex("<select [^>]*name=\"(?<name>[^\"]+)\"[^>]*>(?<options>.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex Select();

    [GeneratedRegex("<option [^>]*selected[^>]*>")]
    private static partial Regex Selected();

    [GeneratedRegex("<textarea [^>]*name=\"(?<name>[^\"]+)\"[^>]*>(?<text>[^<]*)</textarea>")]
    private static partial Regex Area();
}
