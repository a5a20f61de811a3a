using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Calango.Tests.Support.Weaviate;

/// <summary>Weaviate's own description of its interface: what a request may be. It is stricter than the description is meant: a member that it does not name is refused.</summary>
public sealed class WeaviateDescription
{
    private readonly JsonNode _description;

    private WeaviateDescription(JsonNode description) => _description = description;

    /// <summary>Where the file is; null: there is no test data here.</summary>
    public static string? File { get; } = Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") is { Length: > 0 } folder ? Path.Combine(folder, "weaviate", "openapi-1.32.27.json") : null;

    /// <summary>Reads it.</summary>
    public static WeaviateDescription Read() => new(JsonNode.Parse(System.IO.File.ReadAllText(File!))!);

    /// <summary>What is wrong with a request; none: it is as described.</summary>
    public IReadOnlyList<string> Faults(string method, string path, IQueryCollection query, JsonNode? body)
    {
        var template = _description["paths"]!.AsObject().Where(entry => Regex.IsMatch(path, $"^{Regex.Replace(entry.Key, @"\{[^}]+\}", "[^/]+")}$")).OrderBy(entry => entry.Key.Count(sign => sign == '{')).FirstOrDefault();
        if (template.Value?[method.ToLowerInvariant()] is not { } operation)
        {
            return [$"no {method} {path}"];
        }

        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolved(parameter!)).ToList();
        var faults = query.Keys.Where(name => !parameters.Any(parameter => (string)parameter["in"]! == "query" && (string)parameter["name"]! == name)).Select(name => $"no {name} in {method} {path}").ToList();
        var schema = parameters.FirstOrDefault(parameter => (string)parameter["in"]! == "body")?["schema"];
        if (schema is null != body is null)
        {
            faults.Add(body is null ? "no body" : "a body");
        }
        else if (body is not null)
        {
            Compare(schema!, body, $"{method} {path}", faults);
        }

        return faults;
    }

    private void Compare(JsonNode schema, JsonNode? value, string at, List<string> faults)
    {
        schema = Resolved(schema);
        foreach (var part in schema["allOf"]?.AsArray() ?? [])
        {
            Compare(part!, value, at, faults);
        }

        switch ((string?)schema["type"])
        {
            case "object" or null when value is JsonObject members && schema["properties"] is JsonObject properties:
                foreach (var (name, member) in members)
                {
                    if (properties[name] is { } known)
                    {
                        Compare(known, member, $"{at}.{name}", faults);
                    }
                    else
                    {
                        faults.Add($"no {at}.{name}");
                    }
                }

                break;
            case "object" when value is JsonObject:
                break;
            case "array" when value is JsonArray items:
                foreach (var (index, item) in items.Index())
                {
                    Compare(schema["items"]!, item, $"{at}[{index}]", faults);
                }

                break;
            case "string" when value is JsonValue text && text.TryGetValue<string>(out var said):
                if (schema["enum"] is JsonArray allowed && !allowed.Any(one => (string)one! == said))
                {
                    faults.Add($"{at} is '{said}'");
                }
                else if ((string?)schema["format"] == "uuid" && !Guid.TryParse(said, out _))
                {
                    faults.Add($"{at} is no uuid");
                }

                break;
            case "integer" when value is JsonValue number && number.TryGetValue<long>(out _):
            case "number" when value is JsonValue decimals && decimals.GetValueKind() == System.Text.Json.JsonValueKind.Number:
            case "boolean" when value is JsonValue truth && truth.TryGetValue<bool>(out _):
            case null:
                break;
            case var type:
                faults.Add($"{at} is no {type}");
                break;
        }
    }

    private JsonNode Resolved(JsonNode node) =>
        (string?)node["$ref"] is { } reference ? Resolved(reference["#/".Length..].Split('/').Aggregate(_description, (known, name) => known[name]!)) : node;
}
