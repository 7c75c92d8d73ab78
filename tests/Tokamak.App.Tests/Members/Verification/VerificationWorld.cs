using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Members.Verification;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members.Verification;

/// <summary>A brand that sends codes: what is sent is kept, codes are 000001, 000002 and so on, and the clock goes when told to.</summary>
internal sealed class VerificationWorld : IAsyncDisposable, IMessageSender
{
    public static readonly MemberKey Phone = new(KeyKind.Phone, "+886912345678"), Email = new(KeyKind.Email, "ming@example.tw");
    public static readonly IPAddress Home = IPAddress.Parse("203.0.113.7");

    private readonly TestDatabase _database;
    private readonly Databases _databases;
    private readonly HashSecret _secrets;
    private readonly ChallengeTokens _tokens = new(new EphemeralDataProtectionProvider());
    private int _codes;

    private VerificationWorld(TestDatabase database, Databases databases, BrandDatabase brand) =>
        (_database, _databases, Brand, _secrets) = (database, databases, brand, new HashSecret(new StaffCatalogue(databases)));

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public BrandDatabase Brand { get; }
    public TestClock Clock { get; } = new();
    public KeptLog Log { get; } = new();
    public ConcurrentQueue<Message> Sent { get; } = new();
    public VerificationTerms Terms { get; set; } = VerificationTerms.Default;
    public IMessageSender? Sender { get; set; }
    public string LastCode => _codes.ToString("D6", CultureInfo.InvariantCulture);

    public static async Task<VerificationWorld> CreateAsync(Provider provider, PostgresServer server)
    {
        var database = await TestDatabase.CreateAsync(provider, server);
        var databases = await database.OpenAsync();
        return new VerificationWorld(database, databases, await databases.AddBrandAsync("one", null, Stop));
    }

    public Task<BrandDatabase> AddBrandAsync(string name) => _databases.AddBrandAsync(name, null, Stop);

    public Task<SendAnswer> SendAsync(MemberKey? key = null, IPAddress? from = null, BrandDatabase? brand = null) =>
        new SendCode(_secrets, _tokens, new MessageSenders(Sender ?? this, Sender ?? this), Terms, () => Interlocked.Increment(ref _codes).ToString("D6", CultureInfo.InvariantCulture), Clock, Log.Of<SendCode>())
            .RunAsync(brand ?? Brand, new CodeRequest(key ?? Phone, VerificationPurpose.SignIn, from ?? Home, Language.English, "Lark"), Stop);

    /// <summary>The challenge of a code that is sent.</summary>
    public async Task<string> ChallengeAsync(MemberKey? key = null)
    {
        var answer = await SendAsync(key);
        Assert.Equal(SendOutcome.Sent, answer.Outcome);
        return answer.Challenge!;
    }

    public Task<CheckAnswer> CheckAsync(string challenge, string code, VerificationPurpose purpose = VerificationPurpose.SignIn, BrandDatabase? brand = null) =>
        new CheckCode(_secrets, _tokens, Clock).RunAsync(brand ?? Brand, challenge, code, purpose, Stop);

    public async Task<List<VerificationRow>> RowsAsync()
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return [.. books.Verifications.OrderBy(row => row.SentAtTicks)];
    }

    Task<bool> IMessageSender.SendAsync(Message message, CancellationToken stop)
    {
        Sent.Enqueue(message);
        return Task.FromResult(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }
}
