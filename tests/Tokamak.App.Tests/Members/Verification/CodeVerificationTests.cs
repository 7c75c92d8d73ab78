using System.Net;
using System.Text.Json;
using Tokamak.App.Data;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Live;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members.Verification;

public sealed class CodeVerificationTests(PostgresServer server)
{
    private static CancellationToken Stop => VerificationWorld.Stop;

    [Theory, EveryDatabase]
    public async Task The_code_that_was_sent_proves_the_key_once(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        foreach (var key in (MemberKey[])[VerificationWorld.Phone, VerificationWorld.Email])
        {
            var answer = await world.SendAsync(key);
            Assert.Equal((SendOutcome.Sent, TimeSpan.FromMinutes(10)), (answer.Outcome, answer.Time));
            var message = world.Sent.Last();
            Assert.Equal((key, "one", world.Clock.GetUtcNow().AddMinutes(10).UtcTicks), (message.To, message.Brand, message.ExpiresAt.Ticks));
            Assert.Contains(world.LastCode, message.Text, StringComparison.Ordinal);
            Assert.Equal(new CheckAnswer(CodeVerdict.Wrong, null, 4), await world.CheckAsync(answer.Challenge!, "999999"));
            Assert.Equal(new CheckAnswer(CodeVerdict.Right, key), await world.CheckAsync(answer.Challenge!, $"{world.LastCode[..3]} {world.LastCode[3..]}"));
            Assert.Equal(new CheckAnswer(CodeVerdict.UsedUp), await world.CheckAsync(answer.Challenge!, world.LastCode));
        }
    }

    [Theory, EveryDatabase]
    public async Task A_code_ends_after_ten_minutes_and_when_another_is_sent(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var (first, code) = (await world.ChallengeAsync(), world.LastCode);
        world.Clock.Go(TimeSpan.FromSeconds(30));
        var second = await world.ChallengeAsync();
        Assert.Equal(new CheckAnswer(CodeVerdict.Expired), await world.CheckAsync(first, code));
        Assert.Equal(CodeVerdict.Wrong, (await world.CheckAsync(second, code)).Verdict);
        world.Clock.Go(TimeSpan.FromMinutes(10));
        Assert.Equal(new CheckAnswer(CodeVerdict.Expired), await world.CheckAsync(second, world.LastCode));
        Assert.Equal([0, 1], (await world.RowsAsync()).Select(row => row.Tries));
    }

    [Theory, EveryDatabase]
    public async Task Of_two_hundred_guesses_at_once_five_are_weighed(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var challenge = await world.ChallengeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(guess => Task.Run(() => world.CheckAsync(challenge, $"5{guess:D5}"), Stop)));
        Assert.Equal([1, 2, 3, 4], answers.Where(answer => answer.Verdict == CodeVerdict.Wrong).Select(answer => answer.TriesLeft).Order());
        Assert.Equal(196, answers.Count(answer => answer.Verdict == CodeVerdict.UsedUp));
        Assert.Equal(5, Assert.Single(await world.RowsAsync()).Tries);
        Assert.Equal(CodeVerdict.UsedUp, (await world.CheckAsync(challenge, world.LastCode)).Verdict);
    }

    [Theory, EveryDatabase]
    public async Task Of_many_who_bring_the_right_code_at_once_one_has_proved_it(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var challenge = await world.ChallengeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => world.CheckAsync(challenge, world.LastCode), Stop)));
        Assert.Equal(VerificationWorld.Phone, Assert.Single(answers, answer => answer.Verdict == CodeVerdict.Right).Key);
        Assert.Equal(29, answers.Count(answer => answer is { Verdict: CodeVerdict.UsedUp, Key: null }));
    }

    [Theory, EveryDatabase]
    public async Task However_many_codes_are_sent_twenty_guesses_a_day_are_weighed(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var sent = 0;
        for (var tenMinutes = 0; tenMinutes < 6 * 20; tenMinutes++)
        {
            if (await world.SendAsync() is { Outcome: SendOutcome.Sent } answer)
            {
                sent++;
                // Not all of the fourth, so that a fifth is sent when two tries are left.
                for (var guess = 0; guess < (sent == 4 ? 3 : 7); guess++) Assert.NotEqual(CodeVerdict.Right, (await world.CheckAsync(answer.Challenge!, $"9{guess:D5}")).Verdict);
            }
            world.Clock.Go(TimeSpan.FromMinutes(10));
        }
        Assert.Equal((5, 20), (sent, (await world.RowsAsync()).Sum(row => row.Tries)));
        // The day after, whose number it is has a code again.
        world.Clock.Go(TimeSpan.FromHours(4));
        Assert.Equal(CodeVerdict.Right, (await world.CheckAsync(await world.ChallengeAsync(), world.LastCode)).Verdict);
    }

    [Theory, EveryDatabase]
    public async Task A_key_gets_a_code_every_thirty_seconds_three_in_ten_minutes_and_ten_a_day(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => world.SendAsync(), Stop)));
        Assert.Single(atOnce, answer => answer.Outcome == SendOutcome.Sent);
        Assert.Equal(19, atOnce.Count(answer => answer == new SendAnswer(SendOutcome.Wait, null, TimeSpan.FromSeconds(30))));
        for (var more = 0; more < 2; more++)
        {
            world.Clock.Go(TimeSpan.FromSeconds(30));
            await world.ChallengeAsync();
        }
        world.Clock.Go(TimeSpan.FromSeconds(30));
        Assert.Equal(new SendAnswer(SendOutcome.Wait, null, TimeSpan.FromSeconds(510)), await world.SendAsync());
        for (var more = 0; more < 7; more++)
        {
            world.Clock.Go(TimeSpan.FromMinutes(10));
            await world.ChallengeAsync();
        }
        world.Clock.Go(TimeSpan.FromMinutes(10));
        // There is room again when the first of the ten is a day old: 90 seconds and eight times ten minutes have passed since.
        Assert.Equal(new SendAnswer(SendOutcome.TooMany, null, TimeSpan.FromDays(1) - TimeSpan.FromMinutes(81.5)), await world.SendAsync());
        Assert.Equal((10, 10), (world.Sent.Count, (await world.RowsAsync()).Count));
        Assert.Equal(SendOutcome.Sent, (await world.SendAsync(VerificationWorld.Email)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task One_network_asks_for_twenty_codes_an_hour_and_a_brand_sends_as_many_a_day_as_it_says(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        world.Terms = VerificationTerms.Default with { MostADay = 21 };
        // Whoever has one address of IPv6 has the whole network.
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => world.SendAsync(KeyOf(n), IPAddress.Parse($"2001:db8:1:2::{n + 1:x}")), Stop)));
        Assert.Equal((20, 20), (atOnce.Count(answer => answer.Outcome == SendOutcome.Sent), atOnce.Count(answer => answer.Outcome == SendOutcome.TooMany)));
        Assert.Equal(SendOutcome.Sent, (await world.SendAsync(KeyOf(100))).Outcome);
        Assert.Equal(SendOutcome.TooMany, (await world.SendAsync(KeyOf(101), IPAddress.Parse("198.51.100.1"))).Outcome);
        Assert.Contains(world.Log.Lines, line => line.Contains("TooManyOfBrand", StringComparison.Ordinal));
        Assert.Equal(SendOutcome.Sent, (await world.SendAsync(KeyOf(101), brand: await world.AddBrandAsync("two"))).Outcome);

        static MemberKey KeyOf(int n) => new(KeyKind.Phone, $"+8869122{n:D5}");
    }

    [Theory]
    [InlineData(KeyKind.Phone, "+886912345678", true)]
    [InlineData(KeyKind.Phone, "+819012345678", false)]
    [InlineData(KeyKind.Phone, "+886223456789", false)]
    [InlineData(KeyKind.Phone, "+886800123456", false)]
    [InlineData(KeyKind.Phone, "+1234", false)]
    [InlineData(KeyKind.Email, "ming@example.tw", true)]
    [InlineData(KeyKind.Card, "0912345678", false)]
    public async Task Messages_go_to_numbers_that_take_them_in_countries_that_the_brand_allows(KeyKind kind, string value, bool goes)
    {
        await using var world = await VerificationWorld.CreateAsync(Provider.Sqlite, server);
        Assert.Equal(goes ? SendOutcome.Sent : SendOutcome.NotReachable, (await world.SendAsync(new MemberKey(kind, value))).Outcome);
        Assert.Equal((goes ? 1 : 0, goes ? 1 : 0), (world.Sent.Count, (await world.RowsAsync()).Count));
    }

    [Theory, EveryDatabase]
    public async Task A_brand_sends_to_its_own_country_and_to_others_that_it_names(Provider provider)
    {
        MemberKey taiwan = VerificationWorld.Phone, japan = new(KeyKind.Phone, "+819012345678");
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        await using (var turn = await world.Brand.BeginWriteAsync(Stop))
        {
            await turn.UpsertAsync([new SettingRow { Name = "region", Value = "JP" }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal((SendOutcome.Sent, SendOutcome.NotReachable), ((await world.SendAsync(japan)).Outcome, (await world.SendAsync(taiwan)).Outcome));
        world.Terms = new VerificationTerms(new HashSet<string> { "TW" });
        Assert.Equal(SendOutcome.Sent, (await world.SendAsync(taiwan)).Outcome);
    }

    /// <summary>Nothing but what was sent, and the brand's country, is ever read: whether there is such a member makes no difference, neither in the answer nor in the time it takes.</summary>
    [Theory, EveryDatabase]
    public async Task No_table_of_members_is_read(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        await using (var turn = await world.Brand.BeginWriteAsync(Stop))
        {
            var tables = await turn.ReadAsync(
                provider == Provider.Postgres ? "select tablename from pg_tables where schemaname = current_schema()" : "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
                row => row.GetString(0), Stop);
            Assert.Contains("member", tables);
            foreach (var table in tables.Where(table => table is not ("verification" or "setting"))) await turn.ExecuteAsync($"drop table {table}{(provider == Provider.Postgres ? " cascade" : "")}", Stop);
            await turn.CommitAsync(Stop);
        }
        var challenge = await world.ChallengeAsync();
        Assert.Equal(CodeVerdict.Wrong, (await world.CheckAsync(challenge, "999999")).Verdict);
        Assert.Equal(CodeVerdict.Right, (await world.CheckAsync(challenge, world.LastCode)).Verdict);
    }

    [Theory, EveryDatabase]
    public async Task The_database_and_the_log_name_nobody(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        await world.CheckAsync(await world.ChallengeAsync(), "654321");
        var two = await world.AddBrandAsync("two");
        await world.SendAsync(brand: two);
        var row = JsonSerializer.Serialize(Assert.Single(await world.RowsAsync()));
        foreach (var secret in (string[])["912345678", "203.0.113.7", "000001", "654321"])
        {
            Assert.DoesNotContain(secret, row, StringComparison.Ordinal);
            Assert.DoesNotContain(world.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
        await using var turn = await two.BeginReadAsync(Stop);
        await using var books = turn.Books();
        Assert.DoesNotContain(books.Verifications.Single().KeyHash, row, StringComparison.Ordinal);
        Assert.All(world.Sent, message => Assert.Equal($"message {message.Id}", message.ToString()));
    }

    [Theory, EveryDatabase]
    public async Task A_challenge_is_of_its_brand_and_purpose_and_cannot_be_changed(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        var challenge = await world.ChallengeAsync();
        var middle = challenge.Length / 2;
        foreach (var other in (string[])["", "x", challenge[1..], challenge + "A", challenge[..middle] + (challenge[middle] == 'A' ? 'B' : 'A') + challenge[(middle + 1)..], new string('A', 100_000), "\ud800"])
            Assert.Equal(new CheckAnswer(CodeVerdict.Expired), await world.CheckAsync(other, world.LastCode));
        Assert.Equal(new CheckAnswer(CodeVerdict.Expired), await world.CheckAsync(challenge, world.LastCode, VerificationPurpose.AddKey));
        Assert.Equal(new CheckAnswer(CodeVerdict.Expired), await world.CheckAsync(challenge, world.LastCode, brand: await world.AddBrandAsync("two")));
        foreach (var odd in (string[])["", "\ud800", new string('1', 1000)]) Assert.Equal(CodeVerdict.Wrong, (await world.CheckAsync(challenge, odd)).Verdict);
        Assert.Equal(CodeVerdict.Right, (await world.CheckAsync(challenge, "０００-００１")).Verdict);
    }

    [Theory, EveryDatabase]
    public async Task What_was_not_taken_is_said_and_stays_counted(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        world.Sender = new Refusing();
        Assert.Equal(new SendAnswer(SendOutcome.NotSent), await world.SendAsync());
        Assert.Equal(SendOutcome.Wait, (await world.SendAsync()).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task After_a_day_all_is_forgotten(Provider provider)
    {
        await using var world = await VerificationWorld.CreateAsync(provider, server);
        await world.ChallengeAsync();
        world.Clock.Go(TimeSpan.FromHours(1));
        var kept = await world.ChallengeAsync();
        world.Clock.Go(TimeSpan.FromHours(23) + TimeSpan.FromSeconds(1));
        await using (var turn = await world.Brand.BeginWriteAsync(Stop))
        {
            var upkeep = new Upkeep(world.Clock, (_, _) => { });
            Assert.False((await upkeep.DoAsync(UpkeepStep.Forget, turn, null!, default, new Instant(world.Clock.GetUtcNow().UtcTicks), Stop)).More);
            await turn.CommitAsync(Stop);
        }
        Assert.Single(await world.RowsAsync());
        Assert.Equal(CodeVerdict.Expired, (await world.CheckAsync(kept, world.LastCode)).Verdict);
    }

    private sealed class Refusing : IMessageSender
    {
        public Task<bool> SendAsync(Message message, CancellationToken stop) => Task.FromResult(false);
    }
}
