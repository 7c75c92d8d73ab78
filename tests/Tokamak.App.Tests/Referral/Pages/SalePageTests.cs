using System.Text.RegularExpressions;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Pages;

/// <summary>The page of a sale as each role gets it: the sale whole, the pay of those alone whom the scope shows.</summary>
public sealed partial class SalePageTests(PostgresServer server)
{
    /// <summary>
    /// A of S1 has the member, and a bounty that the order earns; C of S1 closes it, B of S2 hands it over. A part comes back when its
    /// commission is taken back, and another when it is kept.
    /// </summary>
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1"}
        {"type":"staff","id":"F4","at":"2026-01-01T09:00:00+08:00","staff":"G","event":"joined","store":"S1"}
        {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","staff":"C","lines":[{"line":1,"category":"tops","quantity":4,"net":40000,"fulfil":"pickup"}]}
        {"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":4}]}
        {"type":"return","id":"R1","at":"2026-02-20T12:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}
        {"type":"return","id":"R2","at":"2026-04-20T12:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}
        """;

    private const string Ann = "林怡君", Bao = "陳志豪", Chen = "C";

    [Theory, EveryDatabase]
    public async Task It_tells_nobody_what_the_sale_pays_to_people_they_may_not_see(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server, facts: Facts);
        (string Name, AccountRole Role, string? Staff, string[] Sees)[] people =
        [
            ("Hana", AccountRole.Hq, null, [Chen, Ann, Bao]), ("Fei", AccountRole.Finance, null, [Chen, Ann, Bao]), ("Gao", AccountRole.Manager, "G", [Chen, Ann]),
            ("Bo", AccountRole.Manager, "B", [Bao]), ("Ann", AccountRole.Clerk, "A", [Ann]), ("Chen", AccountRole.Clerk, "C", [Chen]), ("Bao", AccountRole.Clerk, "B", [Bao]),
        ];
        foreach (var (name, role, staff, sees) in people)
        {
            var id = await world.AddAsync(name, role, staff);
            var page = (await (await world.SignedInAsync(name)).GetAsync("/sales/W1")).Page;
            // The sale itself is whole: all three have credit.
            foreach (var party in new[] { Ann, Bao, Chen }) Assert.Contains($">{party}<", page, StringComparison.Ordinal);
            Assert.Equal(sees.Order(StringComparer.Ordinal), InTrace(page).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(sees.Order(StringComparer.Ordinal), InPostings(page).Distinct().Order(StringComparer.Ordinal));
            var reads = (await world.AuditAsync()).Where(entry => entry.What == AuditKind.PayRead && entry.Who == id).Select(entry => entry.About);
            Assert.Equal(role is AccountRole.Hq or AccountRole.Finance || name == "Gao" ? ["/sales/W1"] : [], reads);
        }
    }

    [Fact]
    public async Task The_trace_tells_of_commission_bounties_handover_pay_and_what_is_kept()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, facts: Facts);
        await world.AddAsync("Hana", AccountRole.Hq);
        var page = (await (await world.SignedInAsync("Hana")).GetAsync("/sales/W1")).Page;
        Assert.Equal(["R12", "R13", "R15"], PayEntries(page).SelectMany(entry => Rules().Matches(entry).Select(match => match.Value)).Distinct().Order());
        Assert.Contains("keeps NT$", page, StringComparison.Ordinal);
    }

    /// <summary>Whom the trace says the sale pays.</summary>
    private static IEnumerable<string> InTrace(string page) => PayEntries(page).SelectMany(entry => Names().Matches(entry)).Select(match => match.Groups["name"].Value).Where(name => name is Ann or Bao or Chen);

    private static IEnumerable<string> PayEntries(string page) => Entries().Matches(page).Select(match => match.Value).Where(entry => Rules().IsMatch(entry));

    /// <summary>Whom the table of commission postings names.</summary>
    private static IEnumerable<string> InPostings(string page)
    {
        var from = page.IndexOf("Commission postings", StringComparison.Ordinal);
        return from < 0 ? [] : Names().Matches(page[from..]).Select(match => match.Groups["name"].Value).Where(name => name is Ann or Bao or Chen);
    }

    [GeneratedRegex("""<li class="trace-entry.*?</li>""", RegexOptions.Singleline)]
    private static partial Regex Entries();

    [GeneratedRegex("R1[235](?=</a>)")]
    private static partial Regex Rules();

    [GeneratedRegex(">(?<name>[^<>]+)<", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();
}
