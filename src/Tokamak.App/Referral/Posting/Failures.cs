using Microsoft.Data.Sqlite;
using Npgsql;
using Tokamak.App.Web;

namespace Tokamak.App.Referral.Posting;

internal static class Failures
{
    /// <summary>Is it the facts that went wrong, or the database and the way to it? The latter is nobody's fault and tried again later.</summary>
    public static bool AreAboutTheFacts(Exception e) => e switch
    {
        OperationCanceledException or OutOfMemoryException or Live.LeaseLostException => false,
        // What the server found wrong with values: data, integrity, our own triggers.
        PostgresException postgres => postgres.SqlState[..2] is "22" or "23" or "P0" or "54",
        SqliteException sqlite => sqlite.SqliteErrorCode is 18 or 19 or 20 or 25,
        _ => !DatabaseTrouble.Is(e),
    };
}
