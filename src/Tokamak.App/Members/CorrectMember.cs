using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>What is right about a person; null: as it was.</summary>
public sealed record Correction(string? Name = null, DateOnly? Birthday = null);

/// <summary>What a member says about themselves, or the office for them, replaces what was known.</summary>
public static class CorrectMember
{
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="member">The id of theirs to which it is said.</param>
    /// <param name="right">What is right.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False: nobody has heard of such a member, or they were erased, and nothing was done.</returns>
    public static async Task<bool> RunAsync(Turn turn, MemberId member, Correction right, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.LivingAsync(turn, member, stop) is null) return false;
        await using var books = turn.Books();
        var row = await books.People.SingleOrDefaultAsync(person => person.Member == member.Value, stop)
            ?? new PersonRow { Member = member.Value, JoinedAtTicks = now.Ticks, Channel = MemberChannel.Web };
        await turn.UpsertAsync<PersonRow>([row with { Name = right.Name ?? row.Name, Birthday = right.Birthday ?? row.Birthday }], stop);
        return true;
    }
}
