using Microsoft.EntityFrameworkCore;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

/// <summary>Which texts of appeals go with a member who is erased.</summary>
public sealed class ToldElsewhereTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_short_name_empties_what_names_them_and_nothing_that_only_holds_its_letters(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var member = await JoinAsync(world, "Al", "0987654321");
        await EraseAsync(world, member, "she also called", "請問 AL 說的", "Ａｌ was here", "it was final", "王Al小姐");
        Assert.Equal(["she also called", "", "", "it was final", ""], await StoriesAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task A_name_of_several_words_is_found_however_it_is_divided_and_one_without_blanks_within_a_sentence(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var member = await JoinAsync(world, "Ann Lee", "0987654321");
        await EraseAsync(world, member, "ANN-LEE came", "Annlee", "Joann Leeds", "call 0987 654 321", "call +886-987-654-320");
        Assert.Equal(["", "", "Joann Leeds", "", "call +886-987-654-320"], await StoriesAsync(world));
        var other = await JoinAsync(world, "王小明", "0912345678");
        await EraseAsync(world, other, "是王小明買的", "王小姐說明", "王 小 明");
        Assert.Equal(["", "", "Joann Leeds", "", "call +886-987-654-320", "", "王小姐說明", ""], await StoriesAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task What_was_typed_as_a_sale_and_is_none_goes_too_and_the_number_of_a_sale_stays(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var member = await JoinAsync(world, "王小明", "0987654321");
        await world.SellAsync("s1", member, 1000);
        await world.WriteAsync(async turn =>
        {
            foreach (var sale in (string[])["王小明", "0987654321", "s1", "R-17"]) await OpenAsync(turn, world, sale, "a story");
        });
        await EraseAsync(world, member);
        Assert.Equal(["erased-1 ", "erased-2 ", "s1 ", "R-17 a story"], await world.ReadAsync(books => books.Appeals.OrderBy(row => row.Number).Select(row => row.Sale + " " + row.Story).ToListAsync(Stop)));
    }

    private static async Task<MemberId> JoinAsync(MemberWorld world, string name, string phone) =>
        (await world.JoinAsync(new([MemberWorld.Said(phone)], MemberChannel.Store, name, Store: new("S1"), Staff: new("A")))).Member!.Value;

    private static async Task EraseAsync(MemberWorld world, MemberId member, params string[] stories)
    {
        await world.WriteAsync(async turn =>
        {
            foreach (var (place, story) in stories.Index()) await OpenAsync(turn, world, $"x-{member}-{place}", story);
        });
        await world.EraseAsync(member);
    }

    private static Task<Opened> OpenAsync(Turn turn, MemberWorld world, string sale, string story) => OpenAppeal.RunAsync(
        turn, Zone.Utc, new Dispute(new("A"), new("S1"), new(sale), Complaint.Other, null, "", story, ""), seesSale: false, "A", world.Now, Stop);

    private static Task<List<string>> StoriesAsync(MemberWorld world) => world.ReadAsync(books => books.Appeals.OrderBy(row => row.Number).Select(row => row.Story).ToListAsync(Stop));
}
