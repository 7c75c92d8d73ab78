using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>What became of keys that a member brings along.</summary>
public enum AddedKeys
{
    Added,

    /// <summary>Another member has proved one of them to be theirs; nothing was done.</summary>
    Taken,

    /// <summary>Nobody has heard of such a member, or they were erased.</summary>
    Unknown,
}

/// <summary>A member is recognised by one more key.</summary>
public static class AddKeys
{
    /// <param name="turn">A write turn; to be committed if they were added.</param>
    /// <param name="member">The id of theirs that the keys come with.</param>
    /// <param name="claims">The keys.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<AddedKeys> RunAsync(Turn turn, MemberId member, IReadOnlyList<ClaimedKey> claims, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.LivingAsync(turn, member, stop) is not { } root) return AddedKeys.Unknown;
        var holders = await KeyHolders.OfAsync(turn, [.. claims.Where(claim => claim.IsVerified).Select(claim => claim.Key)], stop);
        if (holders.Exists(holder => holder.IsVerified && holder.Member != root)) return AddedKeys.Taken;
        await JoinMember.AddKeysAsync(turn, member, (await KeyHolders.FamiliesAsync(turn, [root], stop))[root], claims, now, stop);
        return AddedKeys.Added;
    }
}
