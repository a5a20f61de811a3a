using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Data;

public sealed class QueryTelemetryTests
{
    private const string Canary = "canary-4417";

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_slow_query_is_logged_with_its_text_and_without_any_value(DatabaseKind kind)
    {
        using var log = new TestLog();
        // Slow enough on any machine, and not so slow that the database gives up.
        for (var limit = 50_000; !log.Text.Contains("A query took", StringComparison.Ordinal); limit *= 2)
        {
            await CountAsync(kind, log, limit);
        }

        Assert.Contains("WITH RECURSIVE numbers(n)", log.Text, StringComparison.Ordinal);
        Assert.Contains("n < @p0 AND ? <> @p1", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("90210", log.Text, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_quick_query_is_not_logged(DatabaseKind kind)
    {
        using var log = new TestLog();
        await CountAsync(kind, log, 3);

        Assert.DoesNotContain("A query took", log.Text, StringComparison.Ordinal);
    }

    // Counts as far as it is told to; the literals stand for a query that breaks the rule that values are parameters.
    private static async Task CountAsync(DatabaseKind kind, TestLog log, int limit)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(log))
            .AddCalangoData(database.Options).BuildServiceProvider();
        var secret = Canary;
        var counted = await services.GetRequiredService<Database>().ReadAsync(db => db.Database.SqlQuery<long>(
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {limit} AND 'canary-4417''s' <> {secret})
            SELECT count(*) AS "Value" FROM numbers WHERE n <> 90210.5
            """).ToListAsync(CancellationToken), CancellationToken);
        Assert.Equal([limit], counted);
    }
}
