using Tokamak.App.Data;
using Tokamak.App.Intake;
using Tokamak.App.Intake.People;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Members;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Intake.People;

public sealed class ImportMembersTests(PostgresServer server)
{
    private const string Ming = "M1,王小明,1990-04-01,2026-03-05,S1,A,0912-345-678,Y,Ming@Example.tw,K-001,Y,2026-03-05 12:00,\n";
    private const string Mei = "M2,陳美,1991-10-01,2026-04-05,S2,,0922-333-444,,mei@example.tw,,N,2026-04-05 09:30,\n";

    [Theory, EveryDatabase]
    public async Task Members_come_in_with_keys_consents_and_the_one_whose_they_are(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (counts, rejects, _) = await MemberFiles.ImportAsync(world.Brand, Ming + Mei + "M3,gone,,,,,,,,,,,closed\n");
        Assert.Equal((2, 0, 0, 2), (counts.New, counts.Completed, counts.Unchanged, counts.Owners));
        Assert.Empty(rejects);

        var ming = (await world.ProfileAsync(new MemberId("M1")))!;
        Assert.Equal(("王小明", new DateOnly(1990, 4, 1), "zh-TW", MemberChannel.Store, "S1", "A"), (ming.Person!.Name!, ming.Person.Birthday!.Value, ming.Person.Language!, ming.Person.Channel, ming.Person.Store!, ming.Person.Staff!));
        Assert.Equal([(KeyKind.Phone, "+886912345678", true), (KeyKind.Email, "ming@example.tw", false), (KeyKind.Card, "K001", false)], ming.Keys.Select(key => (key.Key.Kind, key.Key.Value, key.Proved is not null)));
        Assert.Equal((true, "2024-1", MemberChannel.Import), (ming.Consents.Single().Given, ming.Consents.Single().Wording, ming.Consents.Single().Channel));
        // Whose she is follows from a fact, as the policy says of its kind.
        Assert.Equal(("app-install", "A", "A"), (ming.Services.Single().Kind, ming.Services.Single().Staff!.Value.Value, ming.Binding!.Binding!.Staff!.Value.Value));
        Assert.Equal([new MemberId("M1")], await world.GivenAsync(Consents.Marketing, new MemberId("M1"), new MemberId("M2")));
        Assert.Null(await world.ProfileAsync(new MemberId("M3")));
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_was_erased_does_not_come_back_with_an_old_file(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await MemberFiles.ImportAsync(world.Brand, Ming + Mei);
        var (stop, today) = (TestContext.Current.CancellationToken, new DateOnly(2026, 6, 1));
        await world.WriteAsync(turn => EraseMember.AskAsync(turn, new MemberId("M1"), null, today, new Instant(0), stop));
        Assert.Equal(1, await world.WriteAsync(turn => EraseMember.RunDueAsync(turn, today.AddDays(30), 10, stop)));
        var before = await AllAsync(world);

        var (_, rejects, _) = await MemberFiles.ImportAsync(world.Brand, Ming + Mei);

        Assert.Contains("M1", Assert.Single(rejects), StringComparison.Ordinal);
        Assert.DoesNotContain("912345678", rejects[0], StringComparison.Ordinal);
        Assert.Equal(before, await AllAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task The_same_file_twice_changes_nothing(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        const string shop = "77,web@example.tw,Web\n";
        await MemberFiles.ImportAsync(world.Brand, Ming + Mei, shop: shop);
        var before = await AllAsync(world);

        var (counts, _, _) = await MemberFiles.ImportAsync(world.Brand, Ming + Mei, shop: shop);

        Assert.Equal((0, 0, 1, 2, 0), (counts.New, counts.Completed, counts.KnownByKey, counts.Unchanged, counts.Owners));
        Assert.Equal(before, await AllAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task A_dry_run_counts_as_the_import_does_and_writes_nothing(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var before = await AllAsync(world);
        var rows = Ming + Mei + "M3,twin,,2026-04-01,,,0922333444,,,,,,\n" + "M4,thief,,2026-04-01,,,0912345678,Y,,,,,\n";
        var dry = await MemberFiles.ImportAsync(world.Brand, rows, dryRun: true);
        Assert.Equal(before, await AllAsync(world));

        var done = await MemberFiles.ImportAsync(world.Brand, rows);
        Assert.Equal((3, 2, 1), (done.Counts.New, done.Counts.Owners, done.All.Pairs));
        Assert.Equal((dry.Counts.New, dry.Counts.Owners, dry.All.Pairs), (done.Counts.New, done.Counts.Owners, done.All.Pairs));
        Assert.Equal(dry.Rejects, done.Rejects);
    }

    [Theory, EveryDatabase]
    public async Task Who_claims_another_s_proved_key_is_refused_by_the_other_s_id(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var there = (await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web))).Member!.Value;
        var (counts, rejects, _) = await MemberFiles.ImportAsync(world.Brand, "C1,one,,,,,0912345678,Y,,,,,\n" + "C2,two,,,,,0933111222,Y,,,,,\n" + "C3,three,,,,,0933111222,Y,,,,,\n");
        Assert.Equal(1, counts.New);
        Assert.Equal(2, rejects.Length);
        Assert.Contains($"proved one of '{there}' already", rejects[0], StringComparison.Ordinal);
        Assert.Contains("proved one of 'C2' already", rejects[1], StringComparison.Ordinal);
        Assert.DoesNotContain(rejects, line => line.Contains("912345678", StringComparison.Ordinal) || line.Contains("933111222", StringComparison.Ordinal));
        Assert.Null(await world.ProfileAsync(new MemberId("C1")));
    }

    [Theory, EveryDatabase]
    public async Task A_key_that_was_only_said_makes_nobody_another(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var there = (await world.JoinAsync(new([MemberWorld.Said("0912345678")], MemberChannel.Store))).Member!.Value;
        var (counts, rejects, all) = await MemberFiles.ImportAsync(world.Brand, "C1,one,,,,,0912345678,Y,,,,,\n" + "C2,two,,,,,0912345678,,,,,,\n");
        Assert.Equal((2, 0), (counts.New, rejects.Length));
        Assert.Equal([new MemberId("C1"), new MemberId("C2"), there], (await world.FindAsync("0912345678")).Select(found => found.Member));
        Assert.Equal((0, 3), (all.PairsBefore, all.Pairs));
        Assert.Equal(3, (await world.LikelyAsync()).Count);
    }

    [Theory, EveryDatabase]
    public async Task Who_was_merged_keeps_one_proved_key_for_both_ids(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await MemberFiles.ImportAsync(world.Brand, "C1,one,,,,,0912345678,Y,,,,,\n" + "C2,two,,,,,,,two@example.tw,,,,\n");
        await world.MergeAsync(new MemberId("C1"), new MemberId("C2"));
        var (counts, rejects, all) = await MemberFiles.ImportAsync(world.Brand, "C2,two,,,,,0912345678,Y,,,,,\n");
        Assert.Equal((1, 0, 0), (counts.Unchanged, rejects.Length, all.Pairs));
    }

    [Theory, EveryDatabase]
    public async Task What_is_known_is_completed_and_not_overwritten(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await MemberFiles.ImportAsync(world.Brand, "M1,王小明,,2026-03-05,,,0912345678,,,,,,\n");
        var (counts, _, _) = await MemberFiles.ImportAsync(world.Brand, "M1,Someone,1990-04-01,2026-05-05,,,0912345678,Y,,K9,,,\n" + "M1,,,,,,,,late@example.tw,,,,\n");
        Assert.Equal((0, 2), (counts.New, counts.Completed));
        var profile = (await world.ProfileAsync(new MemberId("M1")))!;
        Assert.Equal(("王小明", new DateOnly(1990, 4, 1), "2026-03-04T16:00:00Z"), (profile.Name!, profile.Person!.Birthday!.Value, new Instant(profile.Person.JoinedAtTicks).ToString()));
        Assert.Equal([(KeyKind.Phone, true), (KeyKind.Email, false), (KeyKind.Card, false)], profile.Keys.Select(key => (key.Key.Kind, key.Proved is not null)));
    }

    [Theory, EveryDatabase]
    public async Task A_lost_phone_number_does_not_lose_the_member_unless_the_mapping_is_strict(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        const string rows = "M1,王小明,0000-00-00,2026-03-05,S1,Z,12,Y,no-address,,maybe,2026-03-05,\n";
        var (strictly, refused, _) = await MemberFiles.ImportAsync(world.Brand, rows, MemberFiles.Mapping.Replace("\"strict\": false", "\"strict\": true", StringComparison.Ordinal));
        Assert.Equal((0, 1), (strictly.New, refused.Length));

        var (counts, rejects, _) = await MemberFiles.ImportAsync(world.Brand, rows);
        Assert.Equal(1, counts.New);
        string[] said =
        [
            "crm.csv,2,,left out: owner: no staff fact names the staff member 'Z'", "crm.csv,2,agrees,left out: 'maybe' is not in the map", "crm.csv,2,birthday,left out: '0000-00-00' is no date",
            "crm.csv,2,mail,left out: 'no-address' is no e-mail address", "crm.csv,2,mobile,left out: '12' is no phone number of a person",
        ];
        Assert.Equal(said, rejects.Zip(said, (line, begins) => line.Replace("\"", "", StringComparison.Ordinal)[..begins.Length]));
        Assert.Empty((await world.ProfileAsync(new MemberId("M1")))!.Keys);
    }

    [Theory, EveryDatabase]
    public async Task Without_an_id_a_system_s_own_key_says_who_somebody_is(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var there = (await world.JoinAsync(new([MemberWorld.Proved("crm:77", KeyKind.Foreign)], MemberChannel.System))).Member!.Value;
        var (counts, rejects, _) = await MemberFiles.ImportAsync(world.Brand, "", shop: "77,a@example.tw,Anna\n78,b@example.tw,Ben\n,c@example.tw,Cy\n");
        Assert.Equal((1, 1), (counts.KnownByKey, counts.New));
        Assert.Contains("says who the member is", Assert.Single(rejects), StringComparison.Ordinal);
        Assert.Equal("Anna", (await world.ProfileAsync(there))!.Name);
    }

    [Theory, EveryDatabase]
    public async Task Two_words_in_one_moment_are_a_refusal_whichever_comes_first(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        const string yes = "M1,,,,,,,,,,Y,2026-03-05 12:00,\n", no = "M1,,,,,,,,,,N,2026-03-05 12:00,\n";
        await MemberFiles.ImportAsync(world.Brand, yes);
        await MemberFiles.ImportAsync(world.Brand, no);
        await MemberFiles.ImportAsync(world.Brand, yes + no + yes);
        Assert.Empty(await world.GivenAsync(Consents.Marketing, new MemberId("M1")));
        Assert.Equal(1, await world.ReadAsync(books => Task.FromResult(books.Consents.Count())));
    }

    [Theory, EveryDatabase]
    public async Task Another_owner_since_the_same_day_is_left_out_and_one_since_another_day_is_a_fact(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await MemberFiles.ImportAsync(world.Brand, Ming);
        var (same, rejects, _) = await MemberFiles.ImportAsync(world.Brand, "M1,,,2026-03-05,S2,B,,,,,,,\n");
        Assert.Equal((0, 1), (same.Owners, rejects.Length));
        var (later, none, _) = await MemberFiles.ImportAsync(world.Brand, "M1,,,2026-04-20,S2,B,,,,,,,\n");
        Assert.Equal((1, 0), (later.Owners, none.Length));
        Assert.Equal(2, (await world.ProfileAsync(new MemberId("M1")))!.Services.Count);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task An_import_that_broke_off_is_run_again_and_goes_on_from_what_is_there(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var rows = string.Concat(Enumerable.Range(0, 25_000).Select(n => $"M{n},member,,2026-03-05,,,,,,K{n},,,\n"));
        using var folder = new BrandFolder().Write("crm.csv", MemberFiles.Header + rows).Write("shop.csv", MemberFiles.ShopHeader);
        using var breaks = new BreaksOff(rows.Length * 3 / 4);
        using (var rejects = new MemberRejects(null))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportMembers.RunAsync(MemberFiles.Read(MemberFiles.Mapping), folder.Path, world.Brand, null, rejects, false, null, breaks, breaks.Stop));
        Assert.Equal(10_000, await world.ReadAsync(books => Task.FromResult(books.People.Count())));

        var (counts, _, _) = await MemberFiles.ImportAsync(world.Brand, rows);
        Assert.Equal((15_000, 10_000, 0), (counts.New, counts.Unchanged, counts.Completed));
        Assert.Equal(25_000, await world.ReadAsync(books => Task.FromResult(books.MemberKeys.Count())));
    }

    /// <summary>Gives up when so many bytes have been read.</summary>
    private sealed class BreaksOff(long after) : IImportProgress, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private long _read;

        public CancellationToken Stop => _stop.Token;

        public void Begin(string what, long size)
        {
        }

        public void Advance(long by)
        {
            if ((_read += by) > after) _stop.Cancel();
        }

        public void Dispose() => _stop.Dispose();
    }

    [Theory, EveryDatabase]
    public async Task Ids_that_are_phone_numbers_are_refused_and_no_member_comes_in(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var refused = await Assert.ThrowsAsync<WrongInputException>(() => MemberFiles.ImportAsync(world.Brand, Ming, MemberFiles.Mapping.Replace("\"id\": \"no\"", "\"id\": \"mobile\"", StringComparison.Ordinal)));
        Assert.Contains("ids must be opaque", refused.Faults[0].Message, StringComparison.Ordinal);
        Assert.Equal(0, await world.ReadAsync(books => Task.FromResult(books.People.Count())));
    }

    private static Task<string> AllAsync(MemberWorld world) => world.ReadAsync(books => Task.FromResult(System.Text.Json.JsonSerializer.Serialize(new object[]
    {
        books.People.OrderBy(row => row.Member).ToList(), books.MemberKeys.OrderBy(row => row.Kind).ThenBy(row => row.Value).ToList(),
        books.Consents.OrderBy(row => row.Member).ToList(), books.Facts.OrderBy(row => row.Seq).ToList(),
    })));
}
