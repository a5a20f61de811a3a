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

    private static async Task<IReadOnlyList<string>> AppliedAsync(ServiceProvider services)
    {
        await using var db = await ContextAsync(services);
        return [.. await db.Database.GetAppliedMigrationsAsync(CancellationToken)];
    }

    private static Task<CalangoDb> ContextAsync(ServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<CalangoDb>>().CreateDbContextAsync(CancellationToken);
}
