using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>
/// An index of passages in Weaviate: a collection for each space of vectors, and in it a tenant for each owner. A vector is an object
/// with the id of its number, so that what is put there twice is there once.
/// </summary>
public sealed class WeaviateIndex(IPluginHttp http) : IPassageIndex
{
    // Weaviate answers no more at once (QUERY_MAXIMUM_RESULTS).
    private const int MostHits = 10_000;

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<WeaviateSettings>();

    /// <inheritdoc/>
    public async Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken)
    {
        var service = Service.From(http, settings);
        if (await service.AskAsync(HttpMethod.Get, ".well-known/ready", null, cancellationToken).ConfigureAwait(false) is { IsGood: false } unready)
        {
            throw unready.ToException();
        }

        // Whether it is ready it tells everybody; only this tells whether the key is good.
        var schema = await service.AskAsync(HttpMethod.Get, "schema", null, cancellationToken).ConfigureAwait(false);
        schema.Require("classes");
    }

    /// <inheritdoc/>
    public async Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken)
    {
        var service = Service.From(http, settings);
        var name = service.ClassOf(space);
        if (await service.HasTenantAsync(name, space.Tenant, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // What is there already is refused with 422, and so is what is wrong: only a look tells.
        var made = await service.AskAsync(HttpMethod.Post, "schema", Bodies.Class(name), cancellationToken).ConfigureAwait(false);
        if (!made.IsGood && !(await service.AskAsync(HttpMethod.Get, $"schema/{name}", null, cancellationToken).ConfigureAwait(false)).IsGood)
        {
            throw made.ToException();
        }

        var added = await service.AskAsync(HttpMethod.Post, $"schema/{name}/tenants", Bodies.Tenants(space.Tenant), cancellationToken).ConfigureAwait(false);
        if (!added.IsGood && !await service.HasTenantAsync(name, space.Tenant, cancellationToken).ConfigureAwait(false))
        {
            throw added.ToException();
        }
    }

    /// <inheritdoc/>
    public async Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken)
    {
        // One that does not fit fails others with it, once it is there.
        if (vectors.Any(vector => vector.Values.Length != space.Dimensions || vector.Values.Any(number => !float.IsFinite(number))))
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest);
        }

        var service = Service.From(http, settings);
        var put = await service.AskAsync(HttpMethod.Post, "batch/objects", Bodies.Objects(service.ClassOf(space), space, vectors, service.ComparesWords), cancellationToken).ConfigureAwait(false);
        Answers.RequireAllPut(put, vectors.Count);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken)
    {
        var service = Service.From(http, settings);
        var name = service.ClassOf(space);
        if (editions.Count == 0 || !await service.HasTenantAsync(name, space.Tenant, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // One call deletes no more than 10,000.
        while (Answers.AreSomeLeft(await service.AskAsync(HttpMethod.Delete, $"batch/objects?tenant={space.Tenant}", Bodies.Deletion(name, space, editions), cancellationToken).ConfigureAwait(false)))
        {
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken)
    {
        if (query.Vector.Length != space.Dimensions)
        {
            throw new ProviderException(ProviderErrorKind.InvalidRequest);
        }

        var service = Service.From(http, settings);
        var name = service.ClassOf(space);
        var wanted = Math.Min(query.Most, query.Passages?.Count ?? query.Most);
        for (var limit = Math.Min(MostHits, wanted * 2); ; limit = Math.Min(MostHits, limit * 4))
        {
            var answer = await service.AskAsync(HttpMethod.Post, "graphql", Bodies.Search(name, space, query, limit, service.ComparesWords), cancellationToken).ConfigureAwait(false);
            if (Answers.Hits(answer, name) is not { } hits)
            {
                return await service.HasTenantAsync(name, space.Tenant, cancellationToken).ConfigureAwait(false) ? throw answer.ToException() : null;
            }

            // A passage of many vectors may have crowded others out.
            var found = hits.GroupBy(hit => hit.Passage, (passage, windows) => new NearPassage(passage, windows.Max(hit => hit.Cosine))).ToList();
            if (found.Count >= wanted || hits.Count < limit || limit == MostHits)
            {
                return [.. found.Take(query.Most)];
            }
        }
    }
}
