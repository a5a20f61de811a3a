using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Data;

/// <summary>
/// The one way to the data. A unit of work is a function over a context: it reads and writes whole, or not at all.
/// Thread-safe.
/// </summary>
public sealed class Database(IDbContextFactory<CalangoDb> contexts, DatabaseOptions options, SqliteReaders sqliteReaders, SqliteWriter sqliteWriter)
{
    /// <summary>Runs a query, once more where its connection had broken. What it returns is not tracked.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot be reached now.</exception>
    public async Task<T> ReadAsync<T>(Func<CalangoDb, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return options.IsSqlite ? await sqliteReaders.RunAsync(query) : await RunAgainAsync(query, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// Runs a unit of work in a transaction and returns once it is committed. If it throws, nothing of it stays. On
    /// SQLite, units run one after another and several may share one commit: keep them short, and do no I/O but the
    /// database's inside.
    /// </summary>
    /// <exception cref="StorageFullException">The disk has no room.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be reached now.</exception>
    public async Task<T> WriteAsync<T>(Func<CalangoDb, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return options.IsSqlite ? await sqliteWriter.RunAsync(work, cancellationToken) : await Silence.LimitAsync(() => RunInTransactionAsync(work, cancellationToken));
        }
        catch (Exception exception) when (DatabaseFailure.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<CalangoDb, Task> work, CancellationToken cancellationToken) =>
        WriteAsync(async db => { await work(db); return true; }, cancellationToken);

    // A connection that broke while nobody used it is noticed by whoever uses it next. Npgsql then forgets the others, too, and a
    // query changes nothing: it is asked once more, over a new one.
    private async Task<T> RunAgainAsync<T>(Func<CalangoDb, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return await Silence.LimitAsync(() => RunAsync(query, cancellationToken));
        }
        catch (Exception exception) when (DatabaseFailure.IsBrokenConnection(exception))
        {
            return await Silence.LimitAsync(() => RunAsync(query, cancellationToken));
        }
    }

    private async Task<T> RunAsync<T>(Func<CalangoDb, Task<T>> query, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await query(db);
    }

    private async Task<T> RunInTransactionAsync<T>(Func<CalangoDb, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            var result = await work(db);
            Silence.Begin(command: null);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException && DatabaseFailure.Translate(exception) is null && db.Database.GetDbConnection().State != ConnectionState.Open)
        {
            // It broke between two commands: Npgsql complains of the next one as if it had been used wrongly.
            throw new DatabaseUnavailableException(exception);
        }
    }
}
