using Tokamak.App.Data;

namespace Tokamak.App.Referral.Live;

/// <summary>This process among those that serve the same database.</summary>
/// <param name="Id">Of this process: another start is another node.</param>
/// <param name="Address">Where other nodes reach it, such as <c>http://10.0.0.5:8080</c>.</param>
public sealed record Node(string Id, Uri Address);

/// <summary>Where other nodes reach this one; null: where it listens.</summary>
public sealed record NodeAddress(Uri? Given);

/// <summary>
/// Which node writes a brand's books. It says so again and again; one that is not heard of for <see cref="Length"/> is taken for
/// dead, and another takes over under a higher epoch. Every commit of the writer checks the epoch: who was only slow cannot write.
/// </summary>
internal static class Lease
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(2.5);

    /// <summary>The database's own clock: nodes' clocks may differ. A SQLite file has one process, and its clock.</summary>
    private const string Clock = "(extract(epoch from clock_timestamp()) * 10000000)::bigint + 621355968000000000";

    /// <summary>Takes the lease if nobody else holds it.</summary>
    /// <returns>Its epoch, or the address of the node that has it.</returns>
    public static async Task<(long? Epoch, string? Holder)> TakeAsync(Turn turn, Node node, TimeProvider time, CancellationToken stop)
    {
        // One process alone has a SQLite file; a node at the same address is this one, before it was started anew.
        var free = turn.Provider == Provider.Sqlite ? "1 = 1" : $"node = @node or address = @address or until_ticks < {Clock}";
        var taken = await turn.ReadAsync(
            $"update lease set epoch = epoch + 1, node = @node, address = @address, until_ticks = {Until(turn)} where {free} returning epoch",
            row => row.GetInt64(0), stop, [("node", node.Id), ("address", node.Address.ToString()), .. Now(turn, time)]);
        if (taken.Count > 0) return (taken[0], null);
        return (null, (await turn.ReadAsync("select address from lease", row => row.GetString(0), stop)).Single());
    }

    /// <summary>Whether another node holds it now, and where that is; asked before trying to take it, since asking disturbs nobody.</summary>
    public static async Task<string?> HolderAsync(Turn turn, Node node, CancellationToken stop) =>
        turn.Provider == Provider.Sqlite ? null
            : (await turn.ReadAsync($"select address from lease where node <> @node and address <> @address and until_ticks >= {Clock}", row => row.GetString(0), stop, ("node", node.Id), ("address", node.Address.ToString()))).SingleOrDefault();

    /// <summary>Says in the writer's own commit that this node is still there.</summary>
    /// <exception cref="LeaseLostException">Another node has taken over; nothing of this commit may stay.</exception>
    public static async Task RenewAsync(Turn turn, Node node, long epoch, TimeProvider time, CancellationToken stop)
    {
        if (await turn.ExecuteAsync($"update lease set until_ticks = {Until(turn)} where epoch = @epoch and node = @node", stop, [("epoch", epoch), ("node", node.Id), .. Now(turn, time)]) == 0)
            throw new LeaseLostException();
    }

    /// <summary>Gives it up, so that another node need not wait.</summary>
    public static Task ReleaseAsync(Turn turn, Node node, CancellationToken stop) =>
        turn.ExecuteAsync("update lease set until_ticks = 0, address = '' where node = @node", stop, ("node", node.Id));

    private static string Until(Turn turn) => turn.Provider == Provider.Sqlite ? "@now + @length" : $"{Clock} + @length";

    private static (string, object?)[] Now(Turn turn, TimeProvider time) =>
        turn.Provider == Provider.Sqlite ? [("now", time.GetUtcNow().UtcTicks), ("length", Length.Ticks)] : [("length", Length.Ticks)];
}

/// <summary>Another node writes these books now.</summary>
internal sealed class LeaseLostException : Exception
{
    public LeaseLostException() : base("Another node has taken over the writing of these books.")
    {
    }
}
