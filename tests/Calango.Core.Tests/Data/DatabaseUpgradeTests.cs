using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.Data;

public sealed class DatabaseUpgradeTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_database_is_brought_up_to_date_once_and_a_second_start_changes_nothing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, migrated: false);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        var upgrade = services.GetRequiredService<DatabaseUpgrade>();

        await upgrade.RunAsync(CancellationToken);
        var first = await AppliedAsync(services);
        await upgrade.RunAsync(CancellationToken);

        Assert.NotEmpty(first);
        Assert.Equal(first, await AppliedAsync(services));
    }

    [EachDatabase]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        var upgrade = services.GetRequiredService<DatabaseUpgrade>();
        await upgrade.RunAsync(CancellationToken);
        await using var db = await ContextAsync(services);
        await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('99990101000000_FromTheFuture', '99.0.0')""", CancellationToken);

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => upgrade.RunAsync(CancellationToken));

        Assert.Contains("FromTheFuture", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_that_start_together_upgrade_once_and_all_of_them_start()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres, migrated: false);
        var replicas = Enumerable.Range(0, 4).Select(_ => new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider()).ToList();

        await Task.WhenAll(replicas.Select(replica => Task.Run(() => replica.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken))));

        var applied = await AppliedAsync(replicas[0]);
        Assert.NotEmpty(applied);
        Assert.Equal(applied.Distinct(), applied);
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_SQLite_database_is_one_servers_and_another_is_told_whose()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, migrated: false);
        await using var first = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await first.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        await using var second = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => second.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await second.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
    }

    [Fact]
    public async Task A_start_after_a_kill_in_the_middle_of_an_upgrade_does_not_wait_for_the_dead_process()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, migrated: false);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await using (var db = await ContextAsync(services))
        {
            // What EF leaves behind when it is killed while it holds its lock.
            await db.Database.ExecuteSqlRawAsync(
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00')
                """, CancellationToken);
        }

        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), CancellationToken);

        Assert.NotEmpty(await AppliedAsync(services));
    }

    [Fact]
    public async Task A_database_on_SQLite_keeps_its_log_beside_it_so_that_readers_never_wait()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        await using var db = await ContextAsync(services);

        Assert.Equal("wal", (await db.Database.SqlQuery<string>($"PRAGMA journal_mode").ToListAsync(CancellationToken)).Single());
    }

    private static async Task<IReadOnlyList<string>> AppliedAsync(ServiceProvider services)
    {
        await using var db = await ContextAsync(services);
        return [.. await db.Database.GetAppliedMigrationsAsync(CancellationToken)];
    }

    private static Task<CalangoDb> ContextAsync(ServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<CalangoDb>>().CreateDbContextAsync(CancellationToken);
}
