using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>The power is off: nothing works any more until somebody starts anew.</summary>
internal sealed class PowerCutException : Exception
{
    public PowerCutException() : base("The power is off.")
    {
    }
}

/// <summary>
/// When a step of a write transaction fails. A step is the moment before or after a statement, a savepoint or the commit; so a
/// failure after the commit has done all and says nothing.
/// </summary>
internal sealed class Failures
{
    private const int DiskError = 10;
    private int _left;
    private bool _lasts, _isOff, _breaksLine;

    /// <summary>Whether what was asked for has happened.</summary>
    public bool Happened { get; private set; }

    /// <param name="steps">How many steps go well.</param>
    /// <param name="lasts">The power is off from then on; else the disk fails once.</param>
    /// <param name="breaksLine">Instead of the disk, the line to the database fails, in the way in which Npgsql says so of a transaction on it.</param>
    public void After(int steps, bool lasts, bool breaksLine) => (_left, _lasts, _breaksLine, _isOff, Happened) = (steps + 1, lasts, breaksLine, false, false);

    public void None() => (_left, _isOff, Happened) = (0, false, false);

    public void Step()
    {
        if (_isOff) throw new PowerCutException();
        if (_left == 0 || --_left > 0) return;
        (_isOff, Happened) = (_lasts, true);
        throw _lasts ? new PowerCutException() : _breaksLine ? new ObjectDisposedException("NpgsqlTransaction") : new SqliteException("disk I/O error", DiskError);
    }

    public T Around<T>(Func<T> statement)
    {
        Step();
        var result = statement();
        Step();
        return result;
    }
}

/// <summary>A brand's books whose writing may fail at any step; the code that writes them sees a connection like any other.</summary>
internal sealed class FailingPlace(Place real, Failures failures) : Place
{
    public override Provider Provider => real.Provider;

    public override string Shown => real.Shown;

    public override bool IsClosed => real.IsClosed;

    protected override string TableCount => throw new NotSupportedException();

    public override Task<Turn> BeginReadAsync(CancellationToken stop) => real.BeginReadAsync(stop);

    public override Task MakeAsync(Turn turn, CancellationToken stop) => real.MakeAsync(turn, stop);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<Turn> BeginWriteAsync(Action next, TimeSpan? mostIdle, CancellationToken stop)
    {
        failures.Step();
        var turn = await real.BeginWriteAsync(stop);
        return new Turn(turn.Provider, new FailingTransaction(new FailingConnection(turn.Connection, failures), turn.Transaction, failures), async () =>
        {
            await turn.DisposeAsync();
            next();
        });
    }
}

internal sealed class FailingTransaction(FailingConnection connection, DbTransaction real, Failures failures) : DbTransaction
{
    public DbTransaction Real => real;

    public override IsolationLevel IsolationLevel => real.IsolationLevel;

    public override bool SupportsSavepoints => true;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => failures.Around(() => { real.Commit(); return 0; });

    public override void Rollback() => real.Rollback();

    public override void Save(string savepointName) => failures.Around(() => { real.Save(savepointName); return 0; });

    public override void Rollback(string savepointName) => failures.Around(() => { real.Rollback(savepointName); return 0; });

    public override void Release(string savepointName) => failures.Around(() => { real.Release(savepointName); return 0; });
}

internal sealed class FailingConnection(DbConnection real, Failures failures) : DbConnection
{
    [AllowNull]
    public override string ConnectionString { get => real.ConnectionString; set => throw new NotSupportedException(); }

    public override string Database => real.Database;

    public override string DataSource => real.DataSource;

    public override string ServerVersion => real.ServerVersion;

    public override ConnectionState State => real.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Open() => throw new NotSupportedException();

    public override void Close()
    {
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new FailingCommand(this, real.CreateCommand(), failures);
}

internal sealed class FailingCommand(FailingConnection connection, DbCommand real, Failures failures) : DbCommand
{
    [AllowNull]
    public override string CommandText
    {
        get => real.CommandText;
#pragma warning disable CA2100 // The text is that of the code under test.
        set => real.CommandText = value;
#pragma warning restore CA2100
    }

    public override int CommandTimeout { get => real.CommandTimeout; set => real.CommandTimeout = value; }

    public override CommandType CommandType { get => real.CommandType; set => real.CommandType = value; }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get => real.UpdatedRowSource; set => real.UpdatedRowSource = value; }

    protected override DbConnection? DbConnection { get => connection; set { } }

    protected override DbParameterCollection DbParameterCollection => real.Parameters;

    protected override DbTransaction? DbTransaction { get; set => real.Transaction = ((FailingTransaction?)(field = value))?.Real; }

    public override void Cancel() => real.Cancel();

    public override void Prepare() => real.Prepare();

    public override int ExecuteNonQuery() => failures.Around(real.ExecuteNonQuery);

    public override object? ExecuteScalar() => failures.Around(real.ExecuteScalar);

    protected override DbParameter CreateDbParameter() => real.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        failures.Step();
        return real.ExecuteReader(behavior);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) real.Dispose();
        base.Dispose(disposing);
    }
}
