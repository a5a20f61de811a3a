using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Sdk;

namespace Calango.Plugins.Weaviate;

/// <summary>What is sent, as Weaviate's description of its interface has it.</summary>
internal static class Bodies
{
    private const string Collection = "collection", Edition = "edition", Passage = "passage", Words = "words";

    public static JsonNode Class(string name) => new JsonObject
    {
        ["class"] = name,
        ["vectorizer"] = "none",
        ["vectorIndexType"] = "hnsw",
        ["vectorIndexConfig"] = new JsonObject { ["distance"] = "cosine" },
        ["multiTenancyConfig"] = new JsonObject { ["enabled"] = true, ["autoTenantActivation"] = true },
        ["properties"] = new JsonArray(Filtered(Collection), Filtered(Edition), Filtered(Passage), new JsonObject
        {
            ["name"] = Words,
            ["dataType"] = new JsonArray("text"),
            ["tokenization"] = "whitespace",
            ["indexFilterable"] = false,
            ["indexSearchable"] = true,
        }),
    };

    public static JsonNode Tenants(string tenant) => new JsonArray(new JsonObject { ["name"] = tenant });

    public static JsonNode Objects(string name, IndexSpace space, IReadOnlyList<IndexVector> vectors, bool withWords) => new JsonObject
    {
        ["objects"] = new JsonArray([.. vectors.Select(vector => new JsonObject
        {
            ["class"] = name,
            ["tenant"] = space.Tenant,
            ["id"] = IdOf(vector.Number),
            ["properties"] = new JsonObject
            {
                [Collection] = $"{space.Collection}",
                [Edition] = $"{vector.Edition}",
                [Passage] = Written(vector.Passage),
                [Words] = withWords ? vector.Words : "",
            },
            ["vector"] = JsonSerializer.SerializeToNode(vector.Values),
        })]),
    };

    public static JsonNode Deletion(string name, IndexSpace space, IReadOnlyList<Guid> editions) => new JsonObject
    {
        ["match"] = new JsonObject
        {
            ["class"] = name,
            ["where"] = new JsonObject
            {
                ["operator"] = "And",
                ["operands"] = new JsonArray(
                    new JsonObject { ["path"] = new JsonArray(Collection), ["operator"] = "Equal", ["valueText"] = $"{space.Collection}" },
                    new JsonObject { ["path"] = new JsonArray(Edition), ["operator"] = "ContainsAny", ["valueTextArray"] = new JsonArray([.. editions.Select(edition => JsonValue.Create($"{edition}"))]) }),
            },
        },
        ["output"] = "minimal",
    };

    /// <summary>A question. By vectors alone it is answered with distances; with the words, in the order of both.</summary>
    public static JsonNode Search(string name, IndexSpace space, IndexQuery query, int limit, bool withWords)
    {
        var vector = JsonSerializer.Serialize(query.Vector);
        var isHybrid = withWords && query is { Words.Length: > 0, Passages: null };
        var near = isHybrid
            ? string.Create(CultureInfo.InvariantCulture, $"hybrid: {{query: {Quoted(query.Words!)}, vector: {vector}, alpha: {query.Alpha}, properties: [\"{Words}\"]}}")
            : $"nearVector: {{vector: {vector}}}";
        var within = $$"""{path: ["{{Collection}}"], operator: Equal, valueText: "{{space.Collection}}"}""";
        var where = query.Passages is { } passages
            ? $$"""{operator: And, operands: [{{within}}, {path: ["{{Passage}}"], operator: ContainsAny, valueText: [{{string.Join(", ", passages.Select(passage => Quoted(Written(passage))))}}]}]}"""
            : within;
        return new JsonObject
        {
            ["query"] = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{ Get { {{name}}(tenant: {{Quoted(space.Tenant)}}, limit: {{limit}}, {{near}}, where: {{where}}) { {{Passage}} _additional { {{(isHybrid ? "score" : "distance")}} } } } }"""),
        };
    }

    private static JsonObject Filtered(string property) => new()
    {
        ["name"] = property,
        ["dataType"] = new JsonArray("text"),
        ["tokenization"] = "field",
        ["indexFilterable"] = true,
        ["indexSearchable"] = false,
    };

    // The same vector has the same id, whenever it is put there.
    private static string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"ca1a{(number >> 48) & 0xffff:x4}-0000-4000-8000-{number & 0xffff_ffff_ffff:x12}");

    private static string Written(long number) => number.ToString(CultureInfo.InvariantCulture);

    // GraphQL writes its strings as JSON does, and JSON's serializer leaves nothing in them that could end one.
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
