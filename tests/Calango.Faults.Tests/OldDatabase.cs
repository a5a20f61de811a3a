using System.Data.Common;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Calango.Faults.Tests;

/// <summary>A database as the first version left it, or an empty one, and a server that can be killed at any step of bringing it up to date.</summary>
internal sealed class OldDatabase : IAsyncDisposable
{
    private const string FirstMigration = "Initial";
    private const string SecondAccount = "01900000-0000-7000-8000-0000000000ff";

    // Any numbers: a lock that nobody else takes, and more steps than an upgrade has.
    private const int StepLock = 4711;
    private const int NoStep = int.MaxValue;

    // SQLite has nobody who could stop an upgrade at a step: it is killed so much later each time.
    private const int SqliteSteps = 30;
    private static readonly TimeSpan SqliteStep = TimeSpan.FromMilliseconds(12);

    private readonly bool _hasData;

    private OldDatabase(TestDatabase database, bool hasData)
    {
        (Database, _hasData) = (database, hasData);
        Folder = database.Kind == DatabaseKind.Sqlite ? Path.GetDirectoryName(database.Options.SqlitePath)! : TestFolders.NewTemporary("upgrade");
    }

    /// <summary>Where it is.</summary>
    public TestDatabase Database { get; }

    /// <summary>The data folder of its servers.</summary>
    public string Folder { get; }

    private bool IsSqlite => Database.Kind == DatabaseKind.Sqlite;

    /// <summary>Makes one.</summary>
    public static async Task<OldDatabase> CreateAsync(DatabaseKind kind, bool hasData, CancellationToken cancellationToken)
    {
        var old = new OldDatabase(await TestDatabase.CreateAsync(kind, migrated: false), hasData);
        if (hasData)
        {
            var options = new DbContextOptionsBuilder<CalangoDb>();
            DataSetup.Configure(options, old.Database.Options);
            await using var db = new CalangoDb(options.Options);
            await db.GetService<IMigrator>().MigrateAsync(FirstMigration, cancellationToken);
            await old.ExecuteAsync($"""INSERT INTO accounts ("Id", "TitleMode") VALUES ('{SecondAccount}', 0)""", cancellationToken);
        }

        return old;
    }

    /// <summary>How it looks after an upgrade that nothing disturbed, and how many steps that has.</summary>
    public static async Task<UpgradedDatabase> UpgradedAsync(DatabaseKind kind, CancellationToken cancellationToken)
    {
        var (state, steps) = await UpgradeAsync(kind, hasData: false, cancellationToken);
        return new UpgradedDatabase(state, steps, (await UpgradeAsync(kind, hasData: true, cancellationToken)).Steps);
    }

    /// <summary>Starts a server and kills it at a step of its upgrade.</summary>
    /// <param name="step">Which one, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="meanwhile">What happens before the kill.</param>
    public async Task KillServerAtAsync(int step, CancellationToken cancellationToken, Func<Task>? meanwhile = null)
    {
        await using var stop = IsSqlite ? null : await StopAtAsync(step, cancellationToken);
        await ServerProcess.KillWhileStartingAsync(Database, Folder, async () =>
        {
            await Eventually.HoldsAsync("the upgrade has come so far", () => IsAtStepAsync(cancellationToken), cancellationToken);
            await Task.Delay(IsSqlite ? step * SqliteStep : TimeSpan.Zero, cancellationToken);
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
        });
    }

    /// <summary>What is not as it would be after an upgrade that nothing disturbed.</summary>
    public async Task<IReadOnlyList<string>> BreaksAsync(UpgradedDatabase whole, CancellationToken cancellationToken)
    {
        var state = await StateAsync(cancellationToken);
        List<string> breaks = [.. whole.State.Except(state).Select(line => $"R24: lacks {line}"), .. state.Except(whole.State).Select(line => $"R24: has {line}")];
        if ((await ReadAsync("""SELECT "Id" FROM accounts""", cancellationToken)).Count != (_hasData ? 2 : 1))
        {
            breaks.Add("I9: an account is gone, or came twice");
        }

        return breaks;
    }

    /// <summary>Its tables, columns, indexes and applied migrations. Quartz's own are made a moment after the upgrade, by whoever starts its jobs first.</summary>
    public Task<List<string>> StateAsync(CancellationToken cancellationToken) => ReadAsync(
        IsSqlite
            ? """
              SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name <> '__EFMigrationsLock'
              UNION ALL SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1
              """
            : """
              SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'qrtz%'
              UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'qrtz%'
              UNION ALL SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1
              """, cancellationToken);

    /// <summary>Runs a command of SQL.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        TestFolders.Delete(Folder);
    }

    private static async Task<(List<string> State, int Steps)> UpgradeAsync(DatabaseKind kind, bool hasData, CancellationToken cancellationToken)
    {
        await using var old = await CreateAsync(kind, hasData, cancellationToken);
        await using var stop = old.IsSqlite ? null : await old.StopAtAsync(NoStep, cancellationToken);
        await using var services = new ServiceCollection().AddCalangoData(old.Database.Options).BuildServiceProvider();
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(cancellationToken);
        var steps = old.IsSqlite ? SqliteSteps : int.Parse((await old.ReadAsync("SELECT last_value::text FROM fault.steps", cancellationToken)).Single());
        return (await old.StateAsync(cancellationToken), steps);
    }

    // Each change of the schema is a step; the one asked for waits for a lock that the test holds, until the connection is closed.
    private async Task<DbConnection> StopAtAsync(int step, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
            CREATE SCHEMA fault;
            CREATE SEQUENCE fault.steps;
            CREATE FUNCTION fault.stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
              IF nextval('fault.steps') = {step} THEN PERFORM pg_advisory_lock({StepLock}); PERFORM pg_advisory_unlock({StepLock}); END IF;
            END $$;
            CREATE EVENT TRIGGER fault_stop ON ddl_command_start EXECUTE FUNCTION fault.stop();
            """, cancellationToken);
        var holder = await ConnectAsync(cancellationToken);
        await using var command = holder.CreateCommand();
        command.CommandText = $"SELECT pg_advisory_lock({StepLock})";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return holder;
    }

    private async Task<bool> IsAtStepAsync(CancellationToken cancellationToken) => IsSqlite
        ? File.Exists(Database.Options.SqlitePath + ".lock")
        : (await ReadAsync($"SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND objid = {StepLock} AND NOT granted", cancellationToken)).Count > 0;

    private async Task<List<string>> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> lines = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return lines;
    }

    private async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = IsSqlite
            ? new SqliteConnection($"Data Source={Database.Options.SqlitePath};Pooling=False")
            : new NpgsqlConnection($"{Database.Options.Postgres};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}

/// <summary>A database after an upgrade that nothing disturbed.</summary>
/// <param name="State">Its tables, columns, indexes and migrations.</param>
/// <param name="Steps">How many steps an upgrade from nothing has.</param>
/// <param name="StepsWithData">How many one of the first version's has.</param>
internal sealed record UpgradedDatabase(IReadOnlyList<string> State, int Steps, int StepsWithData);
