using System.Text;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Drafting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Drafting;

public sealed class TwoPersonActivationTests(PostgresServer server)
{
    private static readonly Guid Hana = Guid.Parse("00000000-0000-0000-0000-000000000001"), Fei = Guid.Parse("00000000-0000-0000-0000-000000000002");
    private static readonly DraftTexts Texts = new("春季", "三月起，線上也算。", "From March on, online counts too.");
    private static readonly Instant Now = new(new DateTime(2026, 2, 25, 4, 0, 0, DateTimeKind.Utc).Ticks);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Saving_what_somebody_else_changed_meanwhile_says_so_and_changes_nothing(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var id = await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2026, 3, 1)), Hana, Now, Stop));
        Assert.Equal(DraftSaved.Done, await SaveAsync(books, id!, 1, Texts with { Name = "Hana's" }));
        Assert.Equal(DraftSaved.Changed, await SaveAsync(books, id!, 1, Texts with { Name = "Fei's" }));
        var row = (await ReadAsync(books, id!))!;
        Assert.Equal(("Hana's", 2, Texts.Chinese), (row.Name, row.Revision, row.AnnouncementZh));
        Assert.Equal(DraftSaved.Changed, await WriteAsync(books, turn => Drafts.DeleteAsync(turn, id!, 1, Stop)));
        Assert.Equal(DraftSaved.Done, await WriteAsync(books, turn => Drafts.DeleteAsync(turn, id!, 2, Stop)));
        Assert.Equal(DraftSaved.Gone, await SaveAsync(books, id!, 2, Texts));
        Assert.Equal(DraftSaved.Gone, await WriteAsync(books, turn => Drafts.DeleteAsync(turn, id!, 2, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task Another_person_makes_it_the_next_version_if_it_is_still_what_was_asked_for(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(World.SmallFacts, new DateOnly(2026, 2, 25));
        var id = (await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2026, 3, 1)), Hana, Now, Stop)))!;
        var seen = await ShaAsync(books, id);
        Assert.Equal(ActivationStep.NotAsked, await ConfirmAsync(books, id, seen, Fei));
        Assert.Equal(ActivationStep.Changed, await AskAsync(books, id, "something else"));
        Assert.Equal(ActivationStep.Done, await AskAsync(books, id, seen));
        Assert.Equal(ActivationStep.SamePerson, await ConfirmAsync(books, id, seen, Hana));
        Assert.Equal(ActivationStep.LetIn, await ConfirmAsync(books, id, seen, Fei, new LetIn(Hana, Fei)));
        Assert.Equal(ActivationStep.LetIn, await ConfirmAsync(books, id, seen, Fei, new LetIn(Fei, Hana)));
        Assert.Equal(ActivationStep.Changed, await ConfirmAsync(books, id, "something else", Fei));

        // A word of the announcement is part of what both agree on.
        Assert.Equal(DraftSaved.Done, await SaveAsync(books, id, 1, Texts with { English = "" }));
        Assert.Equal(ActivationStep.Changed, await ConfirmAsync(books, id, seen, Fei));
        Assert.Equal(ActivationStep.Changed, await ConfirmAsync(books, id, await ShaAsync(books, id), Fei));
        Assert.Equal(seen, await WriteAsync(books, turn => TwoPersonActivation.TakeBackAsync(turn, id, Stop)));
        Assert.Null(await WriteAsync(books, turn => TwoPersonActivation.TakeBackAsync(turn, id, Stop)));
        seen = await ShaAsync(books, id);
        Assert.Equal(ActivationStep.Done, await AskAsync(books, id, seen));
        Assert.Equal(ActivationStep.Done, await ConfirmAsync(books, id, seen, Fei));

        var row = (await ReadAsync(books, id))!;
        Assert.Equal((DraftState.Activated, 2, $"{Hana}", $"{Fei}"), (row.State, row.Version, row.AskedBy, row.ConfirmedBy));
        Assert.Equal([1, 2], await books.ReadAsync(context => Task.FromResult(context.PolicyVersions.Select(version => version.Version).Order().ToList())));
        Assert.Equal(ActivationStep.NotAsked, await ConfirmAsync(books, id, seen, Fei));
        Assert.Equal(ActivationStep.NotAsked, await AskAsync(books, id, seen));
        Assert.Equal(DraftSaved.Gone, await SaveAsync(books, id, row.Revision, Texts));
        Assert.Equal(DraftSaved.Gone, await WriteAsync(books, turn => Drafts.DeleteAsync(turn, id, row.Revision, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task A_draft_that_begins_in_the_past_or_before_the_latest_version_may_not(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        Assert.Equal(new DateOnly(2026, 1, 2), (await FrameAsync(books)).Earliest);
        await books.PostAsync(World.SmallFacts, new DateOnly(2026, 2, 25));
        Assert.Equal(new DateOnly(2026, 2, 1), (await FrameAsync(books)).Earliest);
        var id = (await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2026, 1, 31)), Hana, Now, Stop)))!;
        Assert.Null(await ShaAsync(books, id));
        Assert.Equal(ActivationStep.MayNot, await AskAsync(books, id, null));

        // Two drafts may be asked for; when the one has become a version, the other is no longer what was seen.
        var (one, other) = ((await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2026, 3, 1)), Hana, Now, Stop)))!, (await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2026, 4, 1)), Hana, Now, Stop)))!);
        var (first, second) = (await ShaAsync(books, one), await ShaAsync(books, other));
        Assert.Equal([ActivationStep.Done, ActivationStep.Done], [await AskAsync(books, one, first), await AskAsync(books, other, second)]);
        Assert.Equal(ActivationStep.Done, await ConfirmAsync(books, one, first, Fei));
        Assert.Equal(ActivationStep.Changed, await ConfirmAsync(books, other, second, Fei));
        Assert.Equal(new DateOnly(2026, 3, 2), (await FrameAsync(books)).Earliest);
        Assert.NotEqual(second, await ShaAsync(books, other));
        Assert.NotNull(await ShaAsync(books, other));
    }

    [Theory, EveryDatabase]
    public async Task A_draft_that_begins_years_ahead_may_not_and_stands_in_nobodys_way(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        Assert.Equal(new DateOnly(2028, 2, 25), (await FrameAsync(books)).Latest);
        var far = (await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2206, 3, 1)), Hana, Now, Stop)))!;
        Assert.Null(await ShaAsync(books, far));
        Assert.Equal(ActivationStep.MayNot, await AskAsync(books, far, null));
        var fault = Assert.Single(DraftCheck.Of(Body(DateOnly.MaxValue), await FrameAsync(books)).Faults);
        Assert.Equal((FaultKind.TooLate, "$.effectiveFrom"), (fault.Kind, fault.Path));
        var last = (await WriteAsync(books, turn => Drafts.MakeAsync(turn, Texts, Body(new(2028, 2, 25)), Hana, Now, Stop)))!;
        Assert.Equal(ActivationStep.Done, await AskAsync(books, last, await ShaAsync(books, last)));
    }

    [Theory, EveryDatabase]
    public async Task A_brand_without_a_policy_gets_its_first_version(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var brand = await databases.AddBrandAsync("new", null, Stop);
        await using var turn = await brand.BeginWriteAsync(Stop);
        var id = (await Drafts.MakeAsync(turn, Texts, Body(new(2020, 1, 1)), Hana, Now, Stop))!;
        var frame = await Drafts.FrameAsync(turn, 0, Now, Stop);
        Assert.Equal((1, null), (frame.Next, frame.Earliest));
        var seen = DraftCheck.Of((await Drafts.FindAsync(turn, id, Stop))!.Body, frame).Sha256(Texts.Chinese, Texts.English);
        Assert.Equal(ActivationStep.Done, await TwoPersonActivation.AskAsync(turn, id, seen, Hana, Now, Stop));
        Assert.Equal((ActivationStep.Done, 1), await TwoPersonActivation.ConfirmAsync(turn, id, seen, Fei, Now, [], Stop));
    }

    private static string Body(DateOnly from) => Encoding.UTF8.GetString(PolicyWriter.Write(PolicyTemplates.Of(PolicyTemplate.DecayingOwner, 2, from, "Asia/Taipei", "TWD")));

    private static async Task<T> WriteAsync<T>(TestBooks books, Func<Turn, Task<T>> write)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var written = await write(turn);
        await turn.CommitAsync(Stop);
        return written;
    }

    private static Task<DraftSaved> SaveAsync(TestBooks books, string id, int revision, DraftTexts texts) =>
        WriteAsync(books, turn => Drafts.SaveAsync(turn, id, revision, texts, Body(new(2026, 3, 1)), Fei, Now, Stop));

    private static async Task<PolicyDraftRow?> ReadAsync(TestBooks books, string id)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        return await Drafts.FindAsync(turn, id, Stop);
    }

    private static async Task<DraftFrame> FrameAsync(TestBooks books)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        return await Drafts.FrameAsync(turn, 0, Now, Stop);
    }

    private static async Task<string?> ShaAsync(TestBooks books, string id)
    {
        var row = (await ReadAsync(books, id))!;
        return DraftCheck.Of(row.Body, await FrameAsync(books)).Sha256(row.AnnouncementZh, row.AnnouncementEn);
    }

    private static Task<ActivationStep> AskAsync(TestBooks books, string id, string? seen) => WriteAsync(books, turn => TwoPersonActivation.AskAsync(turn, id, seen, Hana, Now, Stop));

    /// <summary>Committed only when done, as a page does.</summary>
    private static async Task<ActivationStep> ConfirmAsync(TestBooks books, string id, string? seen, Guid by, params LetIn[] invitations)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var (step, _) = await TwoPersonActivation.ConfirmAsync(turn, id, seen, by, Now, invitations, Stop);
        if (step == ActivationStep.Done) await turn.CommitAsync(Stop);
        return step;
    }
}
