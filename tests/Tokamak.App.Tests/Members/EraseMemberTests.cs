using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Live;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

public sealed class EraseMemberTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Who_asks_is_erased_when_the_days_are_over_and_not_before(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        await world.SellAsync("s1", ming, 1000);
        var asked = await world.AskErasureAsync(ming, "key 1");
        Assert.Equal(new Erasing(EraseOutcome.Asked, ming, new DateOnly(2026, 6, 8)), asked);
        Assert.Equal(asked with { Outcome = EraseOutcome.AskedBefore }, await world.AskErasureAsync(ming));
        Assert.Equal((asked.Day, false), ((await world.ProfileAsync(ming))!.EraseOn, (await world.ProfileAsync(ming))!.IsErased));

        world.Clock.Go(TimeSpan.FromDays(6));
        Assert.Equal(0, await world.EraseDueAsync());
        Assert.Single(await world.FindAsync("0912345678"));
        // Nobody worked it off for a month.
        world.Clock.Go(TimeSpan.FromDays(30));
        Assert.Equal(1, await world.EraseDueAsync());
        Assert.Equal(0, await world.EraseDueAsync());

        Assert.Empty(await world.FindAsync("0912345678"));
        var left = (await world.ProfileAsync(ming))!;
        Assert.True(left is { IsErased: true, EraseOn: null, Name: null, Person: null, Keys.Count: 0, Consents.Count: 0 });
        // The books keep what was sold, under an id that says nothing.
        Assert.Equal((1, 1000), (left.Totals.Count, (int)left.Totals.Net));
        Assert.Equal(new Erasing(EraseOutcome.Gone, ming, new DateOnly(2026, 7, 7)), await world.AskErasureAsync(ming));
        Assert.Equal(EraseOutcome.Gone, (await world.TakeErasureBackAsync(ming)).Outcome);
        Assert.Equal("key 1", await world.ReadAsync(books => books.Erasures.Select(row => row.AskedBy).SingleAsync(Stop)));
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_takes_it_back_stays(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        Assert.Equal(EraseOutcome.NotAsked, (await world.TakeErasureBackAsync(ming)).Outcome);
        await world.AskErasureAsync(ming);
        Assert.Equal(EraseOutcome.TakenBack, (await world.TakeErasureBackAsync(ming)).Outcome);
        world.Clock.Go(TimeSpan.FromDays(30));
        Assert.Equal(0, await world.EraseDueAsync());
        Assert.Equal("王小明", (await world.ProfileAsync(ming))!.Name);
        Assert.Equal(EraseOutcome.Unknown, (await world.AskErasureAsync(new("nobody"))).Outcome);
        Assert.Equal(EraseOutcome.Unknown, (await world.TakeErasureBackAsync(new("nobody"))).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task The_brand_says_how_many_days_and_whoever_has_asked_keeps_theirs(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        await world.AskErasureAsync(ming);
        await world.WriteAsync(turn => Erasures.SetCoolingOffDaysAsync(turn, 0, Stop));
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("0922333444")], MemberChannel.Web))).Member!.Value;
        Assert.Equal(world.Today, (await world.AskErasureAsync(mei)).Day);
        Assert.Equal(1, await world.EraseDueAsync());
        Assert.NotNull((await world.ProfileAsync(ming))!.Name);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => world.WriteAsync(turn => Erasures.SetCoolingOffDaysAsync(turn, 31, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task All_ids_that_are_one_person_are_erased_and_stay_so_when_they_part(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        var online = (await world.JoinAsync(new([MemberWorld.Proved("ming@example.tw", KeyKind.Email)], MemberChannel.Web, "Ming"))).Member!.Value;
        await world.SellAsync("s1", online, 300, "online");
        await world.MergeAsync(ming, online);
        await world.EraseAsync(online);
        Assert.Empty(await world.FindAsync("ming@example.tw", KeyKind.Email));
        Assert.Equal(2, await world.ReadAsync(books => books.Erasures.CountAsync(row => row.ErasedOn != null, Stop)));
        await world.AssertProvenAsync();

        Assert.Equal(MergeOutcome.Done, (await world.TakeBackAsync(ming == (await world.ProfileAsync(online))!.Member ? online : ming)).Outcome);
        Assert.True((await world.ProfileAsync(ming))!.IsErased && (await world.ProfileAsync(online))!.IsErased);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_was_erased_and_joins_again_is_somebody_new(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        await world.SellAsync("s1", ming, 1000);
        await world.EraseAsync(ming);
        var again = await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web, "王小明"));
        Assert.Equal(JoinOutcome.New, again.Outcome);
        Assert.NotEqual(ming, again.Member);
        Assert.Equal(0, (await world.ProfileAsync(again.Member!.Value))!.Totals.Count);

        // An import that knows the old id does not bring it back, and is told so.
        var imported = await world.WriteAsync(turn => JoinMember.RunAsync(turn, new([MemberWorld.Said("0933111222")], MemberChannel.Import), ming, "test", new(1), Stop));
        Assert.Equal((JoinOutcome.Erased, null), (imported.Outcome, imported.Member));
        Assert.Empty(await world.FindAsync("0933111222"));
    }

    [Theory, EveryDatabase]
    public async Task Nothing_makes_an_erased_member_part_of_anybody(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        await world.SellAsync("s1", ming, 1000);
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("0922333444")], MemberChannel.Web))).Member!.Value;
        await world.EraseAsync(ming);
        Assert.Equal(MergeOutcome.Erasing, (await world.MergeAsync(mei, ming)).Outcome);
        Assert.False(await world.SayAsync(ming, Consents.Marketing, true));
        Assert.False(await world.TwoAsync(ming, mei));
        Assert.False(await world.WriteAsync(turn => CorrectMember.RunAsync(turn, ming, new Correction("王小明"), world.Now, Stop)));
        Assert.Equal(AddedKeys.Unknown, await world.WriteAsync(turn => AddKeys.RunAsync(turn, ming, [MemberWorld.Said("0933111222")], world.Now, Stop)));

        // Neither does a fact of another system, live or from a file.
        const string Merge = """{"type":"merge","id":"g1","at":"2026-06-05T12:00:00+08:00","from":"M1","into":"M2"}""";
        var answer = (await world.SendAsync(Merge)).Single();
        Assert.Equal(FactStatus.Refused, answer.Status);
        Assert.Contains("M1 was erased", answer.Reason, StringComparison.Ordinal);
        Assert.Contains("M1 was erased", (await world.ImportAsync(Merge)).Single(), StringComparison.Ordinal);
        Assert.Equal(0, (await world.ProfileAsync(mei))!.Totals.Count);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task The_database_itself_takes_nothing_about_an_erased_member(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        await world.EraseAsync(ming);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.WriteAsync(turn => turn.InsertAsync<ConsentRow>(
            [new ConsentRow { Member = ming.Value, Purpose = Consents.Marketing, AtTicks = 1, Given = true, Wording = "1", Channel = MemberChannel.Web }], Stop)));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.WriteAsync(turn => turn.ExecuteAsync("delete from erasure", Stop)));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.WriteAsync(turn => turn.InsertAsync<PersonRow>(
            [new PersonRow { Member = ming.Value, JoinedAtTicks = 1, Channel = MemberChannel.Import, Name = "王小明" }], Stop)));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.WriteAsync(turn => turn.InsertAsync<MemberKeyRow>(
            [new MemberKeyRow { Kind = 0, Value = "+886912345678", Member = ming.Value, AddedAtTicks = 1 }], Stop)));
    }

    [Theory, EveryDatabase]
    public async Task Somebody_whom_only_facts_name_can_ask_too_and_what_waits_still_counts(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await world.SellAsync("s1", new("F1"), 1000);
        // It waits for the sale that is returned.
        Assert.Equal(FactStatus.Parked, (await world.SendAsync("""{"type":"return","id":"r1","at":"2026-06-01T14:00:00+08:00","sale":"s2","lines":[{"line":1,"quantity":1}]}""")).Single().Status);
        await world.EraseAsync(new("F1"));
        Assert.True((await world.ProfileAsync(new("F1")))!.IsErased);
        await world.AssertProvenAsync();

        var late = await world.SendAsync("""{"type":"sale","id":"s2","at":"2026-06-01T13:00:00+08:00","channel":"store","store":"S1","staff":"A","member":"F1","lines":[{"line":1,"category":"tops","quantity":2,"net":600,"fulfil":"taken"}]}""");
        Assert.Equal(FactStatus.Accepted, late.Single().Status);
        Assert.Equal(0, await world.ReadAsync(books => books.Parked.CountAsync(Stop)));
        Assert.Equal((2, 1300), ((await world.ProfileAsync(new("F1")))!.Totals.Count, (int)(await world.ProfileAsync(new("F1")))!.Totals.Net));
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task The_writer_erases_by_itself_a_few_at_a_time(Provider provider)
    {
        const int Many = 120;
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var stays = (await world.JoinAsync(new([MemberWorld.Said("0922333444")], MemberChannel.Web, "陳美"))).Member!.Value;
        for (var number = 0; number < Many; number++)
            await world.AskErasureAsync((await world.JoinAsync(new([MemberWorld.Said($"0912000{number:000}")], MemberChannel.Import, $"王{number}"))).Member!.Value);
        await using var writer = new BrandWriter(world.Brand, new Node("one", new Uri("http://localhost")), world.Clock, NullLogger.Instance, byItself: false, erases: EraseMember.RunDueAsync);
        for (var step = 0; step < 12; step++) await writer.StepAsync();
        Assert.Equal(Many + 1, await world.ReadAsync(books => books.People.CountAsync(Stop)));

        // The node was away for weeks.
        world.Clock.Go(TimeSpan.FromDays(40));
        List<int> left = [];
        for (var step = 0; step < 12; step++)
        {
            await writer.StepAsync();
            left.Add(await world.ReadAsync(books => books.People.CountAsync(Stop)));
        }
        Assert.Equal([Many + 1, 71, 21, 1], left.Distinct());
        Assert.Equal("陳美", (await world.ProfileAsync(stays))!.Name);
    }

    [Theory, EveryDatabase]
    public async Task After_a_backup_was_restored_those_on_the_list_are_erased_again_each_by_itself(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = await JoinAsync(world);
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("0922333444")], MemberChannel.Web, "陳美"))).Member!.Value;
        await world.MergeAsync(ming, mei);
        MemberId[] list = [mei, new("M99")];
        Assert.Equal(2, await world.WriteAsync(turn => EraseMember.AgainAsync(turn, list, "restore", world.Today, new(1), Stop)));
        Assert.Equal(0, await world.WriteAsync(turn => EraseMember.AgainAsync(turn, list, "restore", world.Today, new(1), Stop)));
        Assert.Empty(await world.FindAsync("0922333444"));
        // Whoever was not on the list is there, and can ask.
        Assert.Equal("王小明", (await world.ProfileAsync(ming))!.Name);
        Assert.False((await world.ProfileAsync(ming))!.IsErased);
        await world.EraseAsync(ming);
        Assert.True((await world.ProfileAsync(ming))!.IsErased);
    }

    [Theory, EveryDatabase]
    public async Task The_list_of_the_erased_is_written_and_worked_off_by_a_verb(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        var list = Path.GetTempFileName();
        try
        {
            await using (var databases = await database.OpenAsync())
            {
                await using var turn = await (await databases.AddBrandAsync("main", null, Stop)).BeginWriteAsync(Stop);
                await turn.InsertAsync<PersonRow>([new PersonRow { Member = "M1", JoinedAtTicks = 1, Channel = MemberChannel.Web, Name = "王小明" }], Stop);
                await turn.CommitAsync(Stop);
            }
            await File.WriteAllLinesAsync(list, ["M1", "M2"], Stop);
            Assert.Contains("2 erased again.", await Programs.DoneAsync("erased", "again", "--file", list, "--db", database.Text), StringComparison.Ordinal);
            Assert.Contains("0 erased again.", await Programs.DoneAsync("erased", "again", "--file", list, "--db", database.Text), StringComparison.Ordinal);
            File.Delete(list);
            await Programs.DoneAsync("erased", "list", "--out", list, "--db", database.Text);
            Assert.Equal(["M1", "M2"], await File.ReadAllLinesAsync(list, Stop));
        }
        finally
        {
            File.Delete(list);
        }
    }

    private static async Task<MemberId> JoinAsync(MemberWorld world) =>
        (await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web, "王小明", Consents: [new(Consents.Marketing, true, "2026-01")]))).Member!.Value;
}
