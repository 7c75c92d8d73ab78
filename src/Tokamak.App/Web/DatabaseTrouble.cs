using System.Data.Common;

namespace Tokamak.App.Web;

/// <summary>Tells the database, or the line to it, from everything else that can go wrong: it is nobody's fault, and tried again later.</summary>
public static class DatabaseTrouble
{
    public static bool Is(Exception e) => e switch
    {
        // A transaction over a line that broke says that it has been disposed of.
        DbException or IOException or TimeoutException or ObjectDisposedException => true,
        // So Entity Framework says that it has to do with the server or the line, and Npgsql that a connection is not open any more.
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        InvalidOperationException { Source: nameof(Npgsql) } => true,
        _ => false,
    };
}
