using System.Data.Common;

namespace Tokamak.App.Data;

/// <summary>One transaction on one connection of one brand (or of the catalogue); rolled back when disposed without <see cref="CommitAsync"/>.</summary>
public sealed class Turn : IAsyncDisposable
{
    private readonly Func<ValueTask> _giveBack;
    private bool _disposed;

    internal Turn(Provider provider, DbTransaction transaction, Func<ValueTask> giveBack)
    {
        Provider = provider;
        Transaction = transaction;
        Connection = transaction.Connection!;
        _giveBack = giveBack;
    }

    public Provider Provider { get; }

    public DbConnection Connection { get; }

    public DbTransaction Transaction { get; }

    /// <summary>How long a statement may take; 0 is as long as it takes. A page gives up, bulk work does not.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>A statement of this transaction. Parameters are written <c>@name</c>, which both providers read; null is the database's null.</summary>
    public DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Connection.CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = sql;
        command.CommandTimeout = TimeoutSeconds;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public Task CommitAsync(CancellationToken stop) => Transaction.CommitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            await Transaction.DisposeAsync();
        }
        finally
        {
            await _giveBack();
        }
    }
}
