using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Plugins.Tests.PassageIndexes;

public sealed class PostgresIndexTests : PassageIndexConformance, IAsyncLifetime
{
    private readonly string _folder = TestFolders.NewTemporary("pgvector");
    private TestDatabase? _database;
    private ServiceProvider? _services;

    protected override IPassageIndex Index => _services!.GetRequiredService<PostgresIndex>();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNoVectors is not null, PostgresServer.WhyNoVectors ?? "");
        _database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var options = new CoreOptions { DataFolder = _folder, PluginsFolder = _folder, LocalesFolder = _folder, Database = _database.Options };
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().AddCalangoCore(options).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        TestFolders.Delete(_folder);
    }

    [Fact]
    public async Task What_few_have_is_found_among_what_many_have()
    {
        var (many, few) = (await NewSpaceAsync(), await NewSpaceAsync());
        await PutAsync(many, Random(4_000));
        await PutAsync(few, Random(20, seed: 90_000));

        Assert.Equal(20, (await FindAsync(few, new IndexQuery(Unit(1), 100))).Count);
        Assert.Equal(100, (await FindAsync(many, new IndexQuery(Unit(1), 100))).Count);
    }

    [Fact]
    public async Task A_question_goes_through_hnsw_where_that_is_quicker()
    {
        await PutAsync(await NewSpaceAsync(), Random(100));

        var plan = await _services!.GetRequiredService<Database>().ReadAsync(
            async db =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(TestEnd);
                var table = (await db.Database.SqlQuery<string>($"""SELECT tablename AS "Value" FROM pg_tables WHERE tablename LIKE 'vectors\_%'""").ToListAsync(TestEnd))[0];
                await db.Database.ExecuteSqlRawAsync("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off", TestEnd);
                var explain = $"""EXPLAIN SELECT "Passage" FROM "{table}" WHERE "Tenant" = 'x' ORDER BY "Values" <=> ARRAY[1,0,0,0,0,0,0,0]::real[]::vector LIMIT 100""";
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = explain;
                await using var reader = await command.ExecuteReaderAsync(TestEnd);
                var lines = new List<string>();
                while (await reader.ReadAsync(TestEnd))
                {
                    lines.Add(reader.GetString(0));
                }

                return string.Join('\n', lines);
            },
            TestEnd);

        Assert.Contains("_hnsw", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_longer_than_hnsw_takes_are_found_too()
    {
        var space = NewSpace() with { Dimensions = 3_072 };
        var values = new float[3_072];
        values[7] = 1;
        await Index.EnsureAsync(space, Place, TestEnd);

        await Index.UpsertAsync(space, [new IndexVector(1, 2, Guid.CreateVersion7(), values)], Place, TestEnd);

        Assert.Equal(new NearPassage(2, 1), Assert.Single(await FindAsync(space, new IndexQuery(values, 10))));
    }
}
