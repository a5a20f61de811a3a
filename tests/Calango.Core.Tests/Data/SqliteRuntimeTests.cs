using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.Data;

public sealed class SqliteRuntimeTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_SQLite_in_use_is_new_enough_and_has_full_text_search_and_JSON()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var services = new ServiceCollection().AddCalangoData(database.Options).BuildServiceProvider();
        await using var db = await services.GetRequiredService<IDbContextFactory<CalangoDb>>().CreateDbContextAsync(CancellationToken);

        var version = await One<string>(db, $"SELECT sqlite_version()");
        var fts = await One<int>(db, $"SELECT sqlite_compileoption_used('ENABLE_FTS5')");
        var json = await One<int>(db, $$"""SELECT '{"a":[1,2]}' ->> '$.a[1]'""");

        Assert.True(Version.Parse(version) >= new Version(3, 40), version);
        Assert.Equal(1, fts);
        Assert.Equal(2, json);
    }

    private static async Task<T> One<T>(CalangoDb db, FormattableString sql) => (await db.Database.SqlQuery<T>(sql).ToListAsync(CancellationToken)).Single();
}
