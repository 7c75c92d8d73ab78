using System.Buffers;
using System.Globalization;
using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// How facts, decisions and members' standings are written in columns. Ids hold neither comma nor white space (R1), so
/// lists of them need no quoting.
/// </summary>
internal static class StoredForms
{
    private static readonly ThreadLocal<FactReader> Reader = new(() => new FactReader());

    /// <summary>A fact as one line of R1, in UTC: the same for the same fact, whatever offset it came with.</summary>
    public static string BodyOf(Fact fact)
    {
        var line = new ArrayBufferWriter<byte>(256);
        FactLines.Write(line, fact, 0);
        return Encoding.UTF8.GetString(line.WrittenSpan[..^1]);
    }

    public static Fact FactOf(FactRow row) => FactOf(row.Body, row.Id);

    public static Fact FactOf(string body, string id) =>
        Reader.Value!.TryRead(Encoding.UTF8.GetBytes(body), 0, out var fact, out var fault) ? fact
            : throw new WrongBooksException($"The stored fact {id} no longer reads: {fault.Message}. Run 'tokamak verify'.");

    public static DecidedSale DecidedOf(SaleRow row, int lines, BookRules rules)
    {
        var closers = new Party?[lines];
        if (row.Closers.Length > 0)
            foreach (var (place, closer) in row.Closers.Split(',').Index())
                if (closer.Length > 0) closers[place] = rules.PartyOf(closer.Split(' ')[0], closer.Split(' ')[1]);
        return new DecidedSale(row.OwnerStore is null ? null : rules.PartyOf(row.OwnerStaff, row.OwnerStore), row.DecayPercent, closers);
    }

    /// <summary>Who closed each line, in their order: <c>staff store</c> or nothing, empty where nobody closed any.</summary>
    public static string ClosersOf(DecidedSale decided) =>
        decided.Closers.All(closer => closer is null) ? ""
            : string.Join(',', decided.Closers.Select(closer => closer is { } party ? $"{party.Staff} {party.Store}" : ""));

    public static MemberStanding StandingOf(MemberRow row, BookRules rules)
    {
        if (row.Store is null) return new MemberStanding(null, ClicksOf(row, rules), row.Declined);
        var party = rules.PartyOf(row.Staff, row.Store);
        var binding = new Binding(
            party.Clerk, party.Store, new Instant(row.BoundAtTicks!.Value), row.RenewedOn!.Value, row.LockUntil!.Value, row.ExpiresOn!.Value,
            [.. Parts(row.Claims).Select(claim => new Claim(claim[0], DayOf(claim[1])))], row.EmploymentsSeen!.Value, new FactId(row.Cause!));
        return new MemberStanding(binding, ClicksOf(row, rules), row.Declined);
    }

    /// <param name="id">Whose row.</param>
    /// <param name="root">Who they are now; of a member who is another only that counts.</param>
    /// <param name="last">The last fact that names them; null where none does that counts.</param>
    /// <param name="standing">Where it left them.</param>
    public static MemberRow RowOf(MemberId id, MemberId root, Fact? last, MemberStanding standing) => new()
    {
        Id = id.Value, Root = root.Value, LastAtTicks = id == root ? last?.At.Ticks ?? 0 : 0, LastType = id == root ? (short)(last?.Order ?? 0) : (short)0,
        LastFact = id == root ? last?.Id.Value ?? "" : "", Declined = standing.Declined,
        Staff = standing.Binding?.Staff?.Value, Store = standing.Binding?.Store.Value, BoundAtTicks = standing.Binding?.BoundAt.Ticks,
        RenewedOn = standing.Binding?.RenewedOn, LockUntil = standing.Binding?.LockUntil, ExpiresOn = standing.Binding?.ExpiresOn,
        EmploymentsSeen = standing.Binding?.EmploymentsSeen, Cause = standing.Binding?.Cause.Value,
        Claims = standing.Binding is { } held ? string.Join(',', held.Claims.Select(claim => $"{claim.Kind} {claim.Until:yyyy-MM-dd}")) : null,
        Clicks = standing.Clicks.Count == 0 ? null
            : string.Join(',', standing.Clicks.Select(click => string.Create(CultureInfo.InvariantCulture, $"{click.Id} {click.At.Ticks} {click.Clerk.Id}"))),
    };

    private static LinkClick[] ClicksOf(MemberRow row, BookRules rules) =>
    [
        .. Parts(row.Clicks).Select(click =>
        {
            var at = new Instant(long.Parse(click[1], CultureInfo.InvariantCulture));
            return new LinkClick(new FactId(click[0]), at, rules.Policy.Zone.DayOf(at), rules.PartyOf(click[2], "-").Clerk!);
        }),
    ];

    private static IEnumerable<string[]> Parts(string? list) => string.IsNullOrEmpty(list) ? [] : list.Split(',').Select(part => part.Split(' '));

    private static DateOnly DayOf(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static CreditPosting PostingOf(CreditRow row, BookRules rules) => new(
        row.ForDay, new FactId(row.Cause), new FactId(row.Sale), row.Line, (Role)row.Role, rules.PartyOf(row.Staff, row.Store), row.Amount, row.Policy);

    public static CommissionPosting PostingOf(CommissionRow row, BookRules rules) => new(
        row.ForDay, new FactId(row.Cause), new FactId(row.Sale), row.Line, (Role)row.Role, rules.PartyOf(row.Staff, row.Store), row.AmountE4,
        row.Credit, row.Policy, MonthOf(row.SaleMonth));

    public static BountyPosting PostingOf(BountyRow row, BookRules rules) => new(
        row.ForDay, new FactId(row.Fact), rules.PartyOf(row.Staff, "-").Clerk!, row.Amount, row.Sale is { } sale ? new FactId(sale) : null);

    public static Month MonthOf(string text) => Month.TryParse(text, out var month) ? month : throw new WrongBooksException($"'{text}' is no month. Run 'tokamak verify'.");
}
