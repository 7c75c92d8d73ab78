using System.Globalization;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.Core.Members;

namespace Tokamak.App.Demo;

/// <summary>
/// Names and keys for whoever the demo's facts name: likely, and nobody in particular. Who bought online has proved a number or an
/// address; at counters numbers were only said. Some joined twice, and some families share a number.
/// </summary>
internal static class DemoMembers
{
    private const ulong Seed = 20251109;
    private const int Families = 4, Twice = 4, InThousand = 1000;

    private sealed record Seen(string Member, long FirstTicks, bool InStore, string? Store, string? Staff);

    public static async Task FillAsync(Turn turn, CancellationToken stop)
    {
        var seen = await turn.ReadAsync(
            """
            select m.id, min(s.at_ticks), max(case when s.channel = 0 then 1 else 0 end), min(s.store), min(case when s.channel = 0 then s.staff end)
            from member m join sale s on s.member = m.id group by m.id order by m.id
            """,
            row => new Seen(row.GetString(0), row.GetInt64(1), Convert.ToInt32(row.GetValue(2), CultureInfo.InvariantCulture) == 1, row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)), stop);
        var (dice, people, keys, consents) = (new Dice(Seed), new List<PersonRow>(), new List<MemberKeyRow>(), new List<ConsentRow>());
        PersonRow? before = null;
        var phoneBefore = "";
        foreach (var (number, member) in seen.Index())
        {
            var name = DemoPeople.Name(dice);
            var phone = string.Create(CultureInfo.InvariantCulture, $"+8869{dice.Below(9)}{dice.Below(10_000_000):0000000}");
            var birthday = new DateOnly(1955, 1, 1).AddDays(dice.Below(365 * 50));
            var like = dice.Below(InThousand);
            var (isFamily, isTwice) = (before is not null && like < Families, before is not null && like >= Families && like < Families + Twice);
            if (isFamily || isTwice) phone = phoneBefore;
            if (isTwice) (name, birthday) = (before!.Name!, before.Birthday!.Value);
            var person = new PersonRow
            {
                Member = member.Member, JoinedAtTicks = member.FirstTicks, Channel = member.InStore ? MemberChannel.Store : MemberChannel.Web, Store = member.InStore ? member.Store : null, Staff = member.Staff,
                Name = name, Birthday = dice.Chance(700) || isTwice || isFamily ? birthday : null, Language = "zh-TW",
            };
            var proves = !member.InStore && !isFamily && !isTwice;
            keys.Add(KeyOf(KeyKind.Phone, phone, member, proves));
            if (!member.InStore || dice.Chance(300)) keys.Add(KeyOf(KeyKind.Email, string.Create(CultureInfo.InvariantCulture, $"member{number}@example.com"), member, !member.InStore));
            if (dice.Chance(400)) keys.Add(KeyOf(KeyKind.Card, string.Create(CultureInfo.InvariantCulture, $"29{number:00000000}"), member, false));
            if (dice.Chance(800)) consents.Add(new ConsentRow { Member = member.Member, Purpose = Consents.Marketing, AtTicks = member.FirstTicks, Given = dice.Chance(750), Wording = "2025-01", Channel = person.Channel });
            people.Add(person);
            (before, phoneBefore) = (person with { Birthday = birthday }, phone);
        }
        await turn.InsertAsync(people, stop);
        await turn.InsertNewAsync(keys, stop);
        await turn.InsertAsync(consents, stop);
    }

    private static MemberKeyRow KeyOf(KeyKind kind, string value, Seen member, bool proves) =>
        new() { Kind = (short)kind, Value = value, Member = member.Member, AddedAtTicks = member.FirstTicks, ProvedAtTicks = proves ? member.FirstTicks : null };
}
