using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Data;

/// <summary>Brings the database to the version that this program knows, once at start. Of SQLite's it keeps the only use until it is disposed.</summary>
public sealed partial class DatabaseUpgrade(IDbContextFactory<CalangoDb> contexts, DatabaseOptions options, SqliteHold hold, ILogger<DatabaseUpgrade> logger)
{
    // How long one replica works while the others wait for it.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // Any number that nobody else locks in this database: "calango" in ASCII.
    private const long UpgradeLock = 0x63_61_6C_61_6E_67_6F;

    // File systems on which SQLite's locks cannot be trusted (sqlite.org/faq.html#q5).
    private static readonly string[] NetworkFileSystems = ["nfs", "nfs4", "cifs", "smb2", "smbfs", "afs", "fuse.sshfs", "9p"];

    /// <summary>Applies what is missing. Several replicas may call it at once: one works, the others wait.</summary>
    /// <exception cref="DatabaseRefusedException">The database is newer than this program, or lies where it can't be kept safely.</exception>
    /// <exception cref="StorageFullException">The disk has no room.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be reached now.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        RefuseNetworkFileSystem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Database.SetCommandTimeout(Longest);
        try
        {
            await (options.IsSqlite ? UpgradeSqliteAsync(db, cancellationToken) : UpgradePostgresAsync(db, cancellationToken));
        }
        catch (Exception exception) when (DatabaseFailure.Translate(exception) is { } translated)
        {
            throw translated;
        }
        catch (Exception exception) when (PostgresRefusal.Of(exception, options) is { } refusal)
        {
            throw refusal;
        }
    }

    private async Task UpgradeSqliteAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        await hold.TakeAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        // EF's own lock on SQLite is a row: after a kill it stays, and every later start would wait for it for ever. The hold
        // above ends with the process that has it.
        await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
        await UpgradeAsync(db, cancellationToken);
    }

    // EF's own lock ends with each migration, and whoever waited for it goes on with the list from before: the replica would
    // apply what another had applied meanwhile. This one ends with the connection at the latest.
    private async Task UpgradePostgresAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        if (!await db.Database.CanConnectAsync(cancellationToken))
        {
            // Not there yet: EF makes it, or says why it cannot.
            await UpgradeAsync(db, cancellationToken);
            return;
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({UpgradeLock})", cancellationToken);
        try
        {
            await UpgradeAsync(db, cancellationToken);
            await LookForLossAsync(db, cancellationToken);
        }
        finally
        {
            // A connection that broke has no lock any more.
            if (db.Database.GetDbConnection().State == ConnectionState.Open)
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({UpgradeLock})", CancellationToken.None);
            }

            await db.Database.CloseConnectionAsync();
        }
    }

    // What is stored is promised to whoever sent it.
    private async Task LookForLossAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        var off = await db.Database.SqlQuery<string>(
            $"""SELECT name AS "Value" FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name""").ToListAsync(cancellationToken);
        if (off.Count > 0)
        {
            LogMayLose(logger, string.Join(", ", off));
        }
    }

    private static async Task UpgradeAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = await db.Database.CanConnectAsync(cancellationToken) ? (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList() : [];
        if (applied.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new DatabaseRefusedException($"The database was written by a newer Calango (it has '{unknown}'). Start that version, or restore an older backup.");
        }

        if (applied.Count < known.Count)
        {
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "PostgreSQL may lose what it has confirmed when its machine loses power: these settings are off: {Settings}")]
    private static partial void LogMayLose(ILogger logger, string settings);

    private void RefuseNetworkFileSystem()
    {
        if (!options.IsSqlite || !OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(options.SqlitePath))!;
        Directory.CreateDirectory(folder);
        var mount = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' '))
            .Where(fields => fields.Length > 2 && (folder + "/").StartsWith(fields[1].TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(fields => fields[1].Length);
        if (mount is not null && NetworkFileSystems.Contains(mount[2]))
        {
            throw new DatabaseRefusedException($"SQLite's locks don't hold on a network file system: {folder} is on {mount[2]}. Set data (CALANGO_DATA) to a folder on a local disk.");
        }
    }
}

/// <summary>The server must not start with this database. The message is for the operator.</summary>
public sealed class DatabaseRefusedException(string message) : Exception(message);
