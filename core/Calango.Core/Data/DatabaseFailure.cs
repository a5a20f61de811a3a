using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Calango.Core.Data;

/// <summary>The disk, or the database's tablespace, has no room. Nothing was stored.</summary>
public sealed class StorageFullException(Exception? inner) : Exception("The storage is full.", inner);

/// <summary>The database cannot be reached now. Nothing was stored, unless the connection broke while the commit was confirmed.</summary>
public sealed class DatabaseUnavailableException(Exception? inner) : Exception("The database is unavailable.", inner)
{
    /// <summary>What it says itself, in one line for the operator.</summary>
    public string Reason => DatabaseFailure.Root(InnerException ?? this).Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}

/// <summary>Tells the failures apart that every feature meets, in each database's own words.</summary>
internal static class DatabaseFailure
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteNoMemory = 7, SqliteReadOnly = 8, SqliteInterrupt = 9, SqliteIoError = 10, SqliteCorrupt = 11,
        SqliteFull = 13, SqliteCannotOpen = 14, SqliteConstraint = 19;

    // On a full disk the memory that readers and writers of a log share cannot grow (SQLITE_IOERR_SHMSIZE).
    private const int SqliteNoRoomForSharedMemory = 4874;

    /// <summary>The typed exception for a failure of the storage itself; null if it is something else.</summary>
    public static Exception? Translate(Exception exception) => Root(exception) switch
    {
        SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteNoRoomForSharedMemory } =>
            new StorageFullException(exception),
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked or SqliteIoError or SqliteCannotOpen or SqliteReadOnly } => new DatabaseUnavailableException(exception),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StorageFullException(exception),
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['5', '3', ..] or ['5', '8', ..] or ['0', '8', ..] or PostgresErrorCodes.ReadOnlySqlTransaction } => new DatabaseUnavailableException(exception),
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => new DatabaseUnavailableException(exception),
        PostgresException => null,
        // The last is what Npgsql throws where a connection broke between two commands.
        NpgsqlException or SocketException or TimeoutException or ObjectDisposedException => new DatabaseUnavailableException(exception),
        _ => null,
    };

    /// <summary>Why nothing can be stored now, for the log: which server does not answer, or that the disk is full. Quotes nothing that was to be stored.</summary>
    public static string ReasonOf(Exception exception) => exception is DatabaseUnavailableException unavailable ? unavailable.Reason : exception.Message.TrimEnd('.');

    /// <summary>Whether a row was refused because its unique value is taken.</summary>
    public static bool IsDuplicate(Exception exception) => Root(exception) switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint && sqlite.SqliteExtendedErrorCode is 2067 or 1555,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>Whether the connection to PostgreSQL was broken, or PostgreSQL ended it.</summary>
    public static bool IsBrokenConnection(Exception exception) => Root(exception)
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown } or NpgsqlException { InnerException: IOException or SocketException };

    /// <summary>Whether SQLite has rolled back the whole transaction by itself, as it does on these errors: savepoints are gone then (sqlite.org/lang_transaction.html, section 3).</summary>
    public static bool EndsTransaction(Exception exception) => Root(exception) is SqliteException
    {
        SqliteErrorCode: SqliteFull or SqliteIoError or SqliteNoMemory or SqliteInterrupt or SqliteCorrupt or SqliteCannotOpen,
    };

    /// <summary>What the database itself said: EF wraps it where it was saving, and once more where it takes the failure for one that passes.</summary>
    public static Exception Root(Exception exception) => exception switch
    {
        DbUpdateException { InnerException: { } inner } => Root(inner),
        InvalidOperationException { InnerException: (DbUpdateException or NpgsqlException) and var inner } => Root(inner),
        _ => exception,
    };
}
