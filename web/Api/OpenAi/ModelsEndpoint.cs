using Calango.Core.Errors;
using Calango.Core.Models;

namespace Calango.Web.Api.OpenAi;

/// <summary><c>GET /v1/models</c> (platform.openai.com/docs/api-reference/models).</summary>
internal static class ModelsEndpoint
{
    public static async Task<ModelList> ListAsync(ModelNames names, CancellationToken cancellationToken) =>
        new("list", [.. (await names.ListAsync(cancellationToken)).Select(named => Of(named.Name, named.Model))]);

    public static async Task<ModelEntry> FindAsync(string id, ModelNames names, CancellationToken cancellationToken) =>
        await names.FindAsync(id, cancellationToken) is { } model ? Of(id, model) : throw new NotFoundException();

    // When a model was made is known to nobody here.
    private static ModelEntry Of(string name, CatalogModel model) => new(name, "model", 0, model.Provider);
}

/// <summary>Models, as OpenAI lists them.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The models.</param>
internal sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

/// <summary>A model, as OpenAI describes one.</summary>
/// <param name="Id">Its name in requests.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">Seconds since 1970; 0: not known.</param>
/// <param name="OwnedBy">Whose it is.</param>
internal sealed record ModelEntry(string Id, string Object, long Created, [property: System.Text.Json.Serialization.JsonPropertyName("owned_by")] string OwnedBy);
