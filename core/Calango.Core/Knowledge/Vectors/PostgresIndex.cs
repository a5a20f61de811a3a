using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calango.Core.Data;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Calango.Core.Knowledge;

/// <summary>
/// The index of the database itself, where it is PostgreSQL with pgvector: a table for each model's vectors, with HNSW on their cosines.
/// Its tables are made as they are needed, since a column of pgvector's type says how long its vectors are. Thread-safe.
/// </summary>
internal sealed class PostgresIndex(Database database, DatabaseOptions options) : IPassageIndex
{
    // Longer ones have no HNSW in pgvector: all are compared then.
    private const int LongestIndexed = 2_000;
    private const int MostHits = 10_000;
    private const int MostEf = 1_000;

    public IReadOnlyList<SettingField> Settings => [];

    /// <summary>Whether it can be here: the extension is there, in a version that looks on where a filter leaves too few.</summary>
    public Task<bool> IsPossibleAsync(CancellationToken cancellationToken) => options.IsSqlite ? Task.FromResult(false) : database.ReadAsync(
        async db => await db.Database.SqlQuery<int>(
            $"""
            SELECT 1 AS "Value" FROM pg_available_extensions WHERE name = 'vector'
            AND string_to_array(coalesce(installed_version, default_version), '.')::int[] >= ARRAY[0, 8]
            AND (installed_version IS NOT NULL OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
            """).AnyAsync(cancellationToken), cancellationToken);

    public async Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        if (!await IsPossibleAsync(cancellationToken))
        {
            throw new ProviderException(ProviderErrorKind.EndpointNotFound);
        }
    }

    public async Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken)
    {
        var table = TableOf(space);
        if (await ExistsAsync(table, cancellationToken))
        {
            return;
        }

        var hnsw = space.Dimensions <= LongestIndexed ? $"""CREATE INDEX "{table}_hnsw" ON "{table}" USING hnsw ("Values" vector_cosine_ops);""" : "";
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT pg_advisory_xact_lock(hashtext('calango.vectors'));
            CREATE EXTENSION IF NOT EXISTS vector;
            DO $make$ BEGIN IF to_regclass('"{table}"') IS NULL THEN
                CREATE TABLE "{table}" ("Number" bigint PRIMARY KEY, "Passage" bigint NOT NULL, "Edition" uuid NOT NULL, "Collection" uuid NOT NULL, "Tenant" text NOT NULL, "Values" vector({space.Dimensions}) NOT NULL);
                CREATE INDEX "{table}_passage" ON "{table}" ("Passage");
                CREATE INDEX "{table}_edition" ON "{table}" ("Edition");
                CREATE INDEX "{table}_collection" ON "{table}" ("Collection");
                {hnsw}
            END IF; END $make$;
            """);
        await TranslateAsync(() => database.WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, cancellationToken), cancellationToken));
    }

    public Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken)
    {
        Vectors.RequireFit(space, vectors);
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            INSERT INTO "{{TableOf(space)}}" ("Number", "Passage", "Edition", "Collection", "Tenant", "Values")
            SELECT number, passage, edition, {3}, {4}, ({5}::real[])[((at - 1) * {{space.Dimensions}} + 1)::int : (at * {{space.Dimensions}})::int]::vector
            FROM unnest({0}, {1}, {2}) WITH ORDINALITY AS added(number, passage, edition, at)
            ON CONFLICT ("Number") DO UPDATE SET "Passage" = excluded."Passage", "Edition" = excluded."Edition", "Collection" = excluded."Collection", "Tenant" = excluded."Tenant", "Values" = excluded."Values"
            """);
        object[] parameters =
        [
            vectors.Select(vector => vector.Number).ToArray(), vectors.Select(vector => vector.Passage).ToArray(), vectors.Select(vector => vector.Edition).ToArray(),
            space.Collection, space.Tenant, vectors.SelectMany(vector => vector.Values).ToArray(),
        ];
        return TranslateAsync(() => database.WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, parameters, cancellationToken), cancellationToken));
    }

    public async Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken)
    {
        var table = TableOf(space);
        if (!await ExistsAsync(table, cancellationToken))
        {
            return;
        }

        var sql = $$"""DELETE FROM "{{table}}" WHERE "Collection" = {0} AND "Tenant" = {1} AND "Edition" = ANY ({2})""";
        object[] parameters = [space.Collection, space.Tenant, editions.ToArray()];
        await TranslateAsync(() => database.WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, parameters, cancellationToken), cancellationToken));
    }

    public async Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken)
    {
        Vectors.RequireFit(space, query);
        var table = TableOf(space);
        if (!await ExistsAsync(table, cancellationToken))
        {
            return null;
        }

        return await TranslateAsync(() => query.Passages is { } passages ? AmongAsync(table, space, query, passages, cancellationToken) : NearestAsync(table, space, query, cancellationToken));
    }

    private async Task<List<NearPassage>> NearestAsync(string table, IndexSpace space, IndexQuery query, CancellationToken cancellationToken)
    {
        var sql = $$"""
            SELECT "Passage", (1 - ("Values" <=> {0}::real[]::vector))::real AS "Cosine" FROM "{{table}}" WHERE "Collection" = {1} AND "Tenant" = {2}
            ORDER BY "Values" <=> {0}::real[]::vector LIMIT {3}
            """;
        for (var limit = query.Most * 2; ; limit = Math.Min(MostHits, limit * 4))
        {
            var hits = await database.ReadAsync(
                async db =>
                {
                    await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                    // As many as are wanted, and further ones where those before are of other collections.
                    var ef = string.Create(CultureInfo.InvariantCulture, $"SET LOCAL hnsw.ef_search = {Math.Clamp(limit, 40, MostEf)}; SET LOCAL hnsw.iterative_scan = strict_order");
                    await db.Database.ExecuteSqlRawAsync(ef, cancellationToken);
                    return await db.Database.SqlQueryRaw<CosineRow>(sql, query.Vector, space.Collection, space.Tenant, limit).ToListAsync(cancellationToken);
                },
                cancellationToken);
            // A passage of many vectors may have crowded others out.
            var found = hits.GroupBy(hit => hit.Passage, (passage, windows) => new NearPassage(passage, windows.Max(hit => hit.Cosine))).OrderByDescending(near => near.Cosine).ToList();
            if (found.Count >= query.Most || hits.Count < limit || limit == MostHits)
            {
                return [.. found.Take(query.Most)];
            }
        }
    }

    private Task<List<NearPassage>> AmongAsync(string table, IndexSpace space, IndexQuery query, IReadOnlyList<long> passages, CancellationToken cancellationToken)
    {
        var sql = $$"""
            SELECT "Passage", max((1 - ("Values" <=> {0}::real[]::vector))::real) AS "Cosine" FROM "{{table}}"
            WHERE "Passage" = ANY ({1}) AND "Collection" = {2} AND "Tenant" = {3} GROUP BY "Passage" ORDER BY "Cosine" DESC LIMIT {4}
            """;
        return database.ReadAsync(
            async db => (await db.Database.SqlQueryRaw<CosineRow>(sql, query.Vector, passages.ToArray(), space.Collection, space.Tenant, query.Most).ToListAsync(cancellationToken)).ConvertAll(row => new NearPassage(row.Passage, row.Cosine)),
            cancellationToken);
    }

    private Task<bool> ExistsAsync(string table, CancellationToken cancellationToken) => database.ReadAsync(
        async db => (await db.Database.SqlQuery<bool>($"""SELECT to_regclass({$"\"{table}\""}) IS NOT NULL AS "Value" """).ToListAsync(cancellationToken))[0], cancellationToken);

    private static string TableOf(IndexSpace space) =>
        string.Create(CultureInfo.InvariantCulture, $"vectors_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(space.Fingerprint)))[..24]}_{space.Dimensions}");

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PostgresException failure)
        {
            throw new ProviderException(failure.SqlState == PostgresErrorCodes.InsufficientPrivilege ? ProviderErrorKind.Forbidden : ProviderErrorKind.ServiceFailed, failure.MessageText);
        }
    }

    private sealed record CosineRow(long Passage, float Cosine);
}
