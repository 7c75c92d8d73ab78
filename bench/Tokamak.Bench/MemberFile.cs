using System.Globalization;

namespace Tokamak.Bench;

/// <summary>A CRM's export of members, always the same: phones and cards, a few shared or wrong, most with a consent.</summary>
internal static class MemberFile
{
    private const string Mapping = """
        { "mapping": 1, "timezone": "Asia/Taipei", "region": "TW", "sources": { "crm": { "file": "members.csv" } },
          "members": [ { "source": "crm", "id": "no", "name": "name", "birthday": "birthday", "joined": "joined", "store": "store",
            "keys": [ { "kind": "phone", "value": "mobile", "proved": { "column": "otp", "map": { "Y": "yes" }, "otherwise": null } }, { "kind": "email", "value": "mail" }, { "kind": "card", "value": "card" } ],
            "consents": [ { "purpose": "marketing", "given": { "column": "agrees", "map": { "Y": "yes", "N": "no", "": null } }, "wording": { "const": "2024-1" }, "at": "joined" } ] } ] }
        """;

    /// <summary>Writes <c>members.csv</c> and its mapping <c>members.json</c>.</summary>
    public static int Write(int members, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "members.json"), Mapping);
        using var file = new StreamWriter(Path.Combine(folder, "members.csv"));
        file.WriteLine("no,name,birthday,joined,store,mobile,otp,mail,card,agrees");
        for (var n = 0; n < members; n++)
        {
            // One in fifty has the phone of the one before, who is of the family; one in a hundred a number that there is not; one in twenty the shop's made-up one.
            var phone = n % 100 == 7 ? "0912" : n % 20 == 3 ? "0900000000" : Phone(n % 50 == 1 ? n - 1 : n);
            var day = new DateTime(1950, 1, 1).AddDays(n * 7919L % 20_000);
            file.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"M{n:D7},Member {n},{day:yyyy-MM-dd},{new DateTime(2010, 1, 1).AddDays(n * 31L % 5_000):yyyy-MM-dd} 10:00,S{n % 200:D3},{phone},{(n % 4 == 0 ? "Y" : "")},{(n % 3 == 0 ? $"m{n}@example.tw" : "")},{Card(n)},{(n % 5 == 0 ? "" : n % 7 == 0 ? "N" : "Y")}"));
        }
        return 0;
    }

    public static string Card(int n) => string.Create(CultureInfo.InvariantCulture, $"K{n:D8}");

    public static string Phone(int n) => string.Create(CultureInfo.InvariantCulture, $"09{10 + (n / 1_000_000 % 80):D2}-{n / 1000 % 1000:D3}-{n % 1000:D3}");
}
