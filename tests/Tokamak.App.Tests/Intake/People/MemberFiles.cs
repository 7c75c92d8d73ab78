using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Intake;
using Tokamak.App.Intake.People;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Intake.People;

/// <summary>A brand's file of members, and what an import of it comes to.</summary>
internal static class MemberFiles
{
    /// <summary>Two rules, so that every field is there: the members, and those of the web shop, who have no id of ours.</summary>
    public const string Mapping = """
        { "mapping": 1, "note": "for tests", "timezone": "Asia/Taipei", "region": "TW", "strict": false,
          "sources": { "crm": { "file": "crm.csv" }, "shop": { "file": "shop.csv" } },
          "members": [
            { "note": "all", "source": "crm", "where": [{ "column": "state", "notIn": ["closed"] }],
              "id": "no", "name": "name", "birthday": "birthday", "language": { "const": "zh-TW" }, "joined": "joined",
              "store": "store", "staff": "staff", "channel": { "const": "store" },
              "keys": [
                { "kind": "phone", "value": "mobile", "region": { "const": "TW" }, "proved": { "column": "otp", "map": { "Y": "yes" }, "otherwise": { "const": "no" } } },
                { "kind": "email", "value": "mail" }, { "kind": "card", "value": "card" } ],
              "consents": [ { "purpose": "marketing", "given": { "column": "agrees", "map": { "Y": "yes", "N": "no", "": null } }, "wording": { "const": "2024-1" }, "at": "said" } ],
              "owner": { "store": "store", "staff": "staff", "at": "joined", "kind": "app-install" } },
            { "source": "shop", "keys": [ { "kind": "foreign", "system": "crm", "value": "shopper", "proved": { "const": "yes" } }, { "kind": "email", "value": "mail" } ], "name": "name" } ] }
        """;

    public const string Header = "no,name,birthday,joined,store,staff,mobile,otp,mail,card,agrees,said,state\n", ShopHeader = "shopper,mail,name\n";

    public static MemberMapping Read(string mapping)
    {
        var faults = new List<Fault>();
        return MemberMappingReader.Read(Encoding.UTF8.GetBytes(mapping), faults) ?? throw new WrongInputException(faults);
    }

    /// <summary>Imports rows of the file, and gives what is in the file of rejects.</summary>
    public static async Task<(MemberCounts Counts, string[] Rejects, ImportedMembers All)> ImportAsync(BrandDatabase brand, string rows, string mapping = Mapping, bool dryRun = false, string shop = "")
    {
        using var folder = new BrandFolder().Write("crm.csv", Header + rows).Write("shop.csv", ShopHeader + shop);
        using var rejects = new MemberRejects(folder.In("rejects.csv"));
        var all = await ImportMembers.RunAsync(Read(mapping), folder.Path, brand, null, rejects, dryRun, null, null, TestContext.Current.CancellationToken);
        return (all.Counts, [.. (await File.ReadAllLinesAsync(folder.In("rejects.csv"), TestContext.Current.CancellationToken)).Skip(1)], all);
    }
}
