using System.Net;
using System.Text.RegularExpressions;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Drafting;

/// <summary>The pages of drafts as forms without scripts, with what the audit log says of them.</summary>
public sealed partial class DraftPageTests(PostgresServer server)
{
    private const string List = "/policy/drafts";

    [Theory, EveryDatabase]
    public async Task A_draft_is_made_changed_asked_for_and_confirmed_and_every_step_stands_in_the_log(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        var (hana, fei, ann) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"), await world.SignedInAsync("ann"));

        var page = (await hana.SubmitAsync(List, "make", ("Typed.Name", "Spring"), ("Typed.Source", "template.DecayingOwner"))).Location!;
        var saved = await SendAsync(hana, page, "save", ("Typed.Rates[0].Rate", "3.5"), ("Typed.English", "From next month on."));
        Assert.Contains("Saved.", saved.Page, StringComparison.Ordinal);
        Assert.Contains("commission is 3.5% of credit", saved.Page, StringComparison.Ordinal);

        var seen = Hash().Match((await hana.GetAsync(page)).Page).Value;
        Assert.Contains("You asked for it yourself", (await hana.SubmitAsync(page, "ask", ("Typed.Seen", seen))).Page, StringComparison.Ordinal);
        Assert.Contains("tick", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen))).Page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Activated.", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);
        // A link to compare the draft leads to the version that it became.
        Assert.Contains("closer", (await fei.GetAsync($"/policy/compare?one=1&other={page.Split('/')[^1]}")).Page, StringComparison.Ordinal);
        Assert.Contains("taken back or activated already", (await fei.SubmitAsync(page, "confirm", ("Typed.Seen", seen), ("Typed.Sure", "true"))).Page, StringComparison.Ordinal);

        Assert.Contains("From next month on.", (await ann.GetAsync("/policy?version=2")).Page, StringComparison.Ordinal);
        Assert.Contains("From next month on.", (await ann.GetAsync("/clerks/A")).Page, StringComparison.Ordinal);
        world.Clock.Go(TimeSpan.FromDays(60));
        ann = await world.SignedInAsync("ann");
        Assert.DoesNotContain("From next month on.", (await ann.GetAsync("/clerks/A")).Page, StringComparison.Ordinal);
        Assert.Contains("From next month on.", (await ann.GetAsync("/policy?version=2")).Page, StringComparison.Ordinal);

        var kinds = (await world.AuditAsync()).Where(entry => entry.What >= AuditKind.PolicyDraftMade).Select(entry => (entry.What, entry.About));
        Assert.Equal(
            [
                (AuditKind.PolicyDraftMade, "Spring"), (AuditKind.PolicyDraftChanged, "Spring"), (AuditKind.PolicyStepBegun, "Spring"), (AuditKind.PolicyAsked, "Spring"),
                (AuditKind.PolicyStepBegun, "Spring"), (AuditKind.PolicyActivated, "2"), (AuditKind.PolicyStepBegun, "Spring"), (AuditKind.PolicyStepNotDone, "Spring"),
            ], kinds);
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing_whatever_they_send()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        var (hana, fei) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Name", "Spring"), ("Typed.Source", "version.1"))).Location!;

        Assert.DoesNotContain("value=\"save\"", (await fei.GetAsync(page)).Page, StringComparison.Ordinal);
        var token = Tests.Web.SignedIn.FormToken((await fei.GetAsync(page)).Page);
        foreach (var (form, fields) in ((string, (string, string)[])[])[("draft", [("Typed.Do", "save"), ("Typed.Name", "Fei's"), ("Typed.Revision", "1")]), ("ask", []), ("delete", [("Typed.Sure", "true"), ("Typed.Revision", "1")])])
            await fei.PostAsync(page, [("__RequestVerificationToken", token), ("_handler", form), .. fields]);
        await fei.PostAsync(List, ("__RequestVerificationToken", token), ("_handler", "make"), ("Typed.Name", "Fei's"), ("Typed.Source", "version.1"));
        var row = Assert.Single(await world.ReadAsync(books => Task.FromResult(books.PolicyDrafts.ToList())));
        Assert.Equal(("Spring", 1, null), (row.Name, row.Revision, row.AskedBy));
    }

    [Fact]
    public async Task Rows_come_and_go_and_nothing_typed_is_lost()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var hana = await world.SignedInAsync("hana");
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Name", "Spring"), ("Typed.Source", "version.1"))).Location!;
        var added = await SendAsync(hana, page, "add.decay", ("Typed.LinkDays", "many"));
        Assert.Contains("name=\"Typed.Decay[0].Days\"", added.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"many\"", added.Page, StringComparison.Ordinal);
        Assert.Contains("Give a whole number from 0 to 10,000.", added.Page, StringComparison.Ordinal);
        var dropped = await SendAsync(hana, page, "drop.services.0", ("Typed.Name", "Mine"));
        Assert.DoesNotContain("name=\"Typed.Services[1].Kind\"", dropped.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"Mine\"", dropped.Page, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(await world.ReadAsync(books => Task.FromResult(books.PolicyDrafts.ToList()))).Revision);
        // With a fault it is kept as it was typed, and cannot be asked for.
        var saved = await SendAsync(hana, page, "save", ("Typed.LinkDays", "many"));
        Assert.Contains("Something is still wrong", saved.Page, StringComparison.Ordinal);
        var again = (await hana.GetAsync(page)).Page;
        Assert.Contains("value=\"many\"", again, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"ask\"", again, StringComparison.Ordinal);
        // Nor compared or tried: that is said, and no other draft takes its place.
        var id = page.Split('/')[^1];
        Assert.Contains("This draft cannot be compared yet", (await hana.GetAsync($"/policy/compare?one=1&other={id}")).Page, StringComparison.Ordinal);
        await hana.SubmitAsync(List, "make", ("Typed.Name", "Sound"), ("Typed.Source", "version.1"));
        var simulations = (await hana.GetAsync($"/simulations?draft={id}")).Page;
        Assert.Contains("cannot be tried yet", simulations, StringComparison.Ordinal);
        Assert.Contains(">Choose a draft</option>", simulations, StringComparison.Ordinal);
        Assert.Contains("no longer there", (await hana.GetAsync("/simulations?draft=nothing")).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_saves_too_late_is_told_keeps_what_they_typed_and_may_put_it_in_place()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var hana = await world.SignedInAsync("hana");
        var page = (await hana.SubmitAsync(List, "make", ("Typed.Name", "Spring"), ("Typed.Source", "version.1"))).Location!;
        var before = FieldsOf((await hana.GetAsync(page)).Page);
        await SendAsync(hana, page, "save", ("Typed.LinkDays", "5"));
        var late = await PostAsync(hana, page, before, "save", ("Typed.LinkDays", "6"));
        Assert.Contains("Somebody else saved this draft", late.Page, StringComparison.Ordinal);
        Assert.Contains("name=\"Typed.LinkDays\" value=\"6\"", late.Page, StringComparison.Ordinal);
        Assert.Contains("up to 5 days after the click", late.Page, StringComparison.Ordinal);
        var forced = await PostAsync(hana, page, FieldsOf(late.Page), "overwrite");
        Assert.Contains("Saved.", forced.Page, StringComparison.Ordinal);
        // What is not ticked is not sent.
        var unticked = FieldsOf((await hana.GetAsync(page)).Page);
        unticked.Remove("Typed.Bounties[0].Once");
        unticked.Remove("Typed.Services[0].Renews");
        Assert.DoesNotContain("Once for a member", (await PostAsync(hana, page, unticked, "check")).Page[..^1].Split("id=\"said-divided\"")[1].Split("said-changes")[0].Split("Changes not saved yet")[0], StringComparison.Ordinal);
        Assert.Contains("\"linkDays\":6", Assert.Single(await world.ReadAsync(books => Task.FromResult(books.PolicyDrafts.ToList()))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_are_compared_by_all_and_drafts_by_those_who_may_see_them()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        var (hana, ann) = (await world.SignedInAsync("hana"), await world.SignedInAsync("ann"));
        var draft = (await hana.SubmitAsync(List, "make", ("Typed.Name", "Spring"), ("Typed.Source", "template.CloserOnly"))).Location!.Split('/')[^1];
        var path = $"/policy/compare?one=1&other={draft}";
        Assert.Contains("100% to the closer", (await hana.GetAsync(path)).Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/policy/compare?one=1&other=1")).Status);
        Assert.DoesNotContain("Spring", (await ann.GetAsync("/policy/compare")).Page, StringComparison.Ordinal);
    }

    /// <summary>Sends the form as it stands on the page, some fields changed.</summary>
    private static async Task<AccessWorld.Answer> SendAsync(AccessWorld.Browser browser, string page, string @do, params (string Name, string Value)[] changed) =>
        await PostAsync(browser, page, FieldsOf((await browser.GetAsync(page)).Page), @do, changed);

    private static Task<AccessWorld.Answer> PostAsync(AccessWorld.Browser browser, string page, Dictionary<string, string> fields, string @do, params (string Name, string Value)[] changed)
    {
        var sent = new Dictionary<string, string>(fields) { ["Typed.Do"] = @do };
        foreach (var (name, value) in changed) sent[name] = value;
        return browser.PostAsync(page, [.. sent.Select(field => (field.Key, field.Value))]);
    }

    /// <summary>What a browser would send of the first form of the page that is a draft's.</summary>
    private static Dictionary<string, string> FieldsOf(string page)
    {
        var from = page.IndexOf("class=\"draft\"", StringComparison.Ordinal);
        var form = page[from..page.IndexOf("</form>", from, StringComparison.Ordinal)];
        Dictionary<string, string> fields = new() { ["_handler"] = "draft" };
        foreach (Match input in Input().Matches(form))
            if (!input.Value.Contains("checkbox", StringComparison.Ordinal) || input.Value.Contains("checked", StringComparison.Ordinal))
                fields[Attribute(input.Value, "name")] = Attribute(input.Value, "value");
        foreach (Match select in Select().Matches(form))
            fields[select.Groups["name"].Value] = Attribute(Selected().Match(select.Groups["options"].Value).Value, "value");
        foreach (Match area in Area().Matches(form)) fields[area.Groups["name"].Value] = area.Groups["text"].Value;
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
