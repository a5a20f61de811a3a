using System.Globalization;
using System.Text.Json.Nodes;

namespace Calango.Tests.Support.Weaviate;

/// <summary>The collections, tenants and objects of a <see cref="WeaviateServer"/>. Whoever calls it holds its lock.</summary>
internal sealed class WeaviateObjects
{
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, StoredObject>>> _classes = [];

    public IReadOnlyCollection<string> Classes => _classes.Keys;

    public int Count => _classes.Values.Sum(tenants => tenants.Values.Sum(objects => objects.Count));

    public Dictionary<string, int> Tenants => _classes.Values.SelectMany(tenants => tenants).GroupBy(tenant => tenant.Key, tenant => tenant.Value.Count).ToDictionary(group => group.Key, group => group.Sum());

    public void Clear() => _classes.Clear();

    public bool HasTenant(string name, string tenant) => _classes.TryGetValue(name, out var tenants) && tenants.ContainsKey(tenant);

    public (int Status, JsonNode? Answer) AddClass(JsonNode body)
    {
        var name = (string)body["class"]!;
        return (bool)body["multiTenancyConfig"]!["enabled"]! && _classes.TryAdd(name, []) ? (200, body.DeepClone()) : (422, Error($"class name {name} already exists"));
    }

    public (int Status, JsonNode? Answer) AddTenants(string name, JsonNode body)
    {
        if (!_classes.TryGetValue(name, out var tenants))
        {
            return (422, Error($"could not find class {name}"));
        }

        return body.AsArray().All(tenant => tenants.TryAdd((string)tenant!["name"]!, [])) ? (200, body.DeepClone()) : (422, Error("tenant already exists"));
    }

    // A dimension that differs from what is there fails all of a batch, each in its own entry.
    public JsonNode Put(JsonNode body, Func<string, bool> refuses)
    {
        var objects = body["objects"]!.AsArray();
        var lengths = objects.Select(entry => entry!["vector"]!.AsArray().Count).ToHashSet();
        return new JsonArray([.. objects.Select(entry =>
        {
            var (id, name, tenant) = ((string)entry!["id"]!, (string)entry["class"]!, (string)entry["tenant"]!);
            var wrong = !HasTenant(name, tenant) ? "tenant not found"
                : lengths.Count > 1 || _classes[name][tenant].Values.Any(other => other.Vector.Length != lengths.First()) ? "new node has a vector with length that differs"
                : refuses(id) ? "the shard is read-only" : null;
            if (wrong is null)
            {
                _classes[name][tenant][id] = new StoredObject(
                    entry["properties"]!.AsObject().ToDictionary(property => property.Key, property => (string)property.Value!), [.. entry["vector"]!.AsArray().Select(number => (float)number!)]);
            }

            return new JsonObject
            {
                ["id"] = id,
                ["class"] = name,
                ["result"] = wrong is null ? new JsonObject { ["status"] = "SUCCESS" } : new JsonObject { ["status"] = "FAILED", ["errors"] = Error(wrong) },
            };
        })]);
    }

    public (int Status, JsonNode? Answer) Delete(JsonNode body, string tenant, int limit)
    {
        var name = (string)body["match"]!["class"]!;
        if (!HasTenant(name, tenant))
        {
            return (422, Error("tenant not found"));
        }

        var objects = _classes[name][tenant];
        var matches = objects.Where(entry => Fits(entry.Value, body["match"]!["where"]!)).Select(entry => entry.Key).ToList();
        var gone = matches.Take(limit).ToList();
        gone.ForEach(id => objects.Remove(id));
        return (200, new JsonObject { ["results"] = new JsonObject { ["matches"] = matches.Count, ["limit"] = limit, ["successful"] = gone.Count, ["failed"] = 0 } });
    }

    public (int Status, JsonNode? Answer) Search(string query)
    {
        if (_classes.Count == 0)
        {
            return (422, Error("no graphql provider present, this is most likely because no schema is present. Import a schema first!"));
        }

        var (name, arguments, fields) = GraphQuery.Read(query);
        if (!_classes.TryGetValue(name, out var tenants))
        {
            return (200, GraphError($"Cannot query field \"{name}\" on type \"GetObjectsObj\"."));
        }

        if (!tenants.TryGetValue((string)arguments["tenant"]!, out var objects))
        {
            return (200, GraphError("tenant not found"));
        }

        var hybrid = arguments["hybrid"];
        var vector = (hybrid ?? arguments["nearVector"])!["vector"]!.AsArray().Select(number => (float)number!).ToArray();
        var words = ((string?)hybrid?["query"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var alpha = (double?)hybrid?["alpha"] ?? 1;
        if (objects.Values.Any(other => other.Vector.Length != vector.Length))
        {
            return (200, GraphError("vector lengths don't match"));
        }

        var found = objects.Values.Where(entry => Fits(entry, arguments["where"]!))
            .Select(entry => (Entry: entry, Cosine: entry.Vector.Zip(vector, (left, right) => left * right).Sum(), Words: entry.Properties["words"].Split(' ').Intersect(words).Count()))
            .OrderByDescending(entry => (alpha * entry.Cosine) + ((1 - alpha) * entry.Words)).Take((int)arguments["limit"]!)
            .Select(entry => new JsonObject
            {
                ["passage"] = entry.Entry.Properties["passage"],
                ["_additional"] = new JsonObject([.. fields.Select(field => KeyValuePair.Create(field, field == "distance" ? JsonValue.Create(1 - entry.Cosine) : (JsonNode?)entry.Words.ToString(CultureInfo.InvariantCulture)))]),
            });
        return (200, new JsonObject { ["data"] = new JsonObject { ["Get"] = new JsonObject { [name] = new JsonArray([.. found]) } } });
    }

    private static bool Fits(StoredObject entry, JsonNode where) => (string)where["operator"]! switch
    {
        "And" => where["operands"]!.AsArray().All(operand => Fits(entry, operand!)),
        "Equal" => entry.Properties[(string)where["path"]![0]!] == (string)where["valueText"]!,
        "ContainsAny" => (where["valueTextArray"] ?? where["valueText"])!.AsArray().Any(value => (string)value! == entry.Properties[(string)where["path"]![0]!]),
        var other => throw new InvalidOperationException(other),
    };

    private static JsonObject Error(string message) => new() { ["error"] = new JsonArray(new JsonObject { ["message"] = message }) };

    private static JsonObject GraphError(string message) => new() { ["data"] = new JsonObject(), ["errors"] = new JsonArray(new JsonObject { ["message"] = message }) };

    private sealed record StoredObject(Dictionary<string, string> Properties, float[] Vector);
}
