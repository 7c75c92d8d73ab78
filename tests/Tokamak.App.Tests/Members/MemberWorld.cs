using System.Globalization;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

/// <summary>A brand with a policy, two clerks and whoever joins.</summary>
internal sealed class MemberWorld : IAsyncDisposable
{
    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        """;

    private readonly TestBooks _books;
    private int _members;

    private MemberWorld(TestBooks books) => _books = books;

    public TestClock Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 4, 0, 0, TimeSpan.Zero));

    public BrandDatabase Brand => _books.Brand;

    public TestBooks Books => _books;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Instant Now => new(Clock.GetUtcNow().UtcTicks);

    public static async Task<MemberWorld> CreateAsync(Provider provider, PostgresServer server)
    {
        var world = new MemberWorld(await TestBooks.CreateAsync(provider, server));
        await world._books.PostAsync(Staff, new DateOnly(2026, 6, 1));
        return world;
    }

    public static ClaimedKey Said(string text, KeyKind kind = KeyKind.Phone) => new(KeyOf(text, kind), false);

    public static ClaimedKey Proved(string text, KeyKind kind = KeyKind.Phone) => new(KeyOf(text, kind), true);

    public static MemberKey KeyOf(string text, KeyKind kind = KeyKind.Phone)
    {
        Assert.True(MemberKey.TryRead(kind, text, NumberingFile.Plans, "TW", out var key));
        return key;
    }

    public Task<Joined> JoinAsync(Joining joining)
    {
        var fresh = new MemberId(string.Create(CultureInfo.InvariantCulture, $"M{Interlocked.Increment(ref _members)}"));
        return WriteAsync(turn => JoinMember.RunAsync(turn, joining, fresh, "test", Now, Stop));
    }

    public Task<Merged> MergeAsync(MemberId one, MemberId other) => WriteAsync(turn => MergeMembers.RunAsync(turn, one, other, "test", Now, Stop));

    public Task<Merged> TakeBackAsync(MemberId from) => WriteAsync(turn => MergeMembers.TakeBackAsync(turn, from, "test", Now, Stop));

    public Task<bool> TwoAsync(MemberId one, MemberId other) => WriteAsync(turn => MergeMembers.AreTwoAsync(turn, one, other, "test", "asked them", Now, Stop));

    public Task<bool> SayAsync(MemberId member, string purpose, bool given) =>
        WriteAsync(turn => Consents.SayAsync(turn, member, [new(purpose, given, "2026-01")], MemberChannel.Web, null, Now, Stop));

    /// <summary>The brand's day, as the clock has it.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime.AddHours(8));

    public Task<Erasing> AskErasureAsync(MemberId member, string? by = null) => WriteAsync(turn => EraseMember.AskAsync(turn, member, by, Today, Now, Stop));

    public Task<Erasing> TakeErasureBackAsync(MemberId member) => WriteAsync(turn => EraseMember.TakeBackAsync(turn, member, Stop));

    /// <summary>Erases whose day has come.</summary>
    public Task<int> EraseDueAsync(int most = 50) => WriteAsync(turn => EraseMember.RunDueAsync(turn, Today, most, Stop));

    /// <summary>Asks, and lets the days go by.</summary>
    public async Task EraseAsync(MemberId member)
    {
        Assert.Equal(EraseOutcome.Asked, (await AskErasureAsync(member)).Outcome);
        Clock.Go(TimeSpan.FromDays(Erasures.UsualDays));
        Assert.Equal(1, await EraseDueAsync());
    }

    /// <summary>Sends lines of facts to the live writer.</summary>
    public Task<IReadOnlyList<Tokamak.App.Referral.Live.FactAnswer>> SendAsync(string facts) => _books.SendAsync(facts, Today);

    /// <summary>Imports lines of facts from a file.</summary>
    public async Task<IReadOnlyList<string>> ImportAsync(string facts) => [.. (await _books.TryPostAsync(facts, Today)).Faults.Select(fault => fault.Message)];

    public async Task<IReadOnlyList<MemberId>> GivenAsync(string purpose, params MemberId[] members)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return [.. await Consents.GivenByAsync(turn, purpose, members, Stop)];
    }

    public async Task<IReadOnlyList<FoundMember>> FindAsync(string text, KeyKind kind = KeyKind.Phone)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await FindMembers.ByKeyAsync(turn, KeyOf(text, kind), Stop);
    }

    public async Task<Profile?> ProfileAsync(MemberId member)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await ReadProfile.OfAsync(turn, await BookRules.LoadAsync(turn, Stop), member, Now, Stop);
    }

    public async Task<IReadOnlyList<LikelyPair>> LikelyAsync()
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return (await LikelySame.RunAsync(turn, null, 100, Stop)).Pairs;
    }

    /// <summary>Sells for so much, now; in S1 by A unless online.</summary>
    public async Task SellAsync(string id, MemberId member, long net, string channel = "store")
    {
        Clock.Go(TimeSpan.FromMinutes(1));
        var at = Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var where = channel == "store" ? "\"store\":\"S1\",\"staff\":\"A\"," : "";
        var answers = await _books.SendAsync(
            $$"""{"type":"sale","id":"{{id}}","at":"{{at}}","channel":"{{channel}}",{{where}}"member":"{{member}}","lines":[{"line":1,"category":"tops","quantity":1,"net":{{net}},"fulfil":"taken"}]}""",
            new DateOnly(2026, 6, 2));
        Assert.Equal(Tokamak.App.Referral.Live.FactStatus.Accepted, answers.Single().Status);
    }

    public Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read) => _books.ReadAsync(read);

    public async Task<T> WriteAsync<T>(Func<Turn, Task<T>> write)
    {
        await using var turn = await Brand.BeginWriteAsync(Stop);
        var result = await write(turn);
        await turn.CommitAsync(Stop);
        return result;
    }

    public Task WriteAsync(Func<Turn, Task> write) => WriteAsync(async turn =>
    {
        await write(turn);
        return true;
    });

    public Task AssertProvenAsync() => _books.AssertProvenAsync();

    public ValueTask DisposeAsync() => _books.DisposeAsync();
}
