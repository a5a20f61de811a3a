using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Core.Errors;

namespace Calango.Core.Templates;

/// <summary>
/// Templates outside of the server: <c>{"schema": "calango/templates", "version": 1, "templates": […]}</c>. Numbers and booleans may
/// stand as texts, as YAML has them. What somebody does not know in it is passed over.
/// </summary>
public static class TemplateFile
{
    /// <summary>The name of the form.</summary>
    public const string Schema = "calango/templates";

    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    /// <summary>The most templates of one file.</summary>
    public const int MaxTemplates = 500;

    /// <summary>Writes some.</summary>
    public static JsonObject Write(IEnumerable<TemplateContent> templates) =>
        new() { ["schema"] = Schema, ["version"] = Version, ["templates"] = new JsonArray([.. templates.Select(Write)]) };

    /// <summary>Reads some. One that cannot be read keeps the others from nothing.</summary>
    /// <exception cref="RejectedException"><c>template.file</c>: this is no such file, or one of a version to come; <c>template.fileLong</c>: it has too many.</exception>
    public static IReadOnlyList<ReadTemplate> Read(JsonElement file)
    {
        if (file.ValueKind != JsonValueKind.Object || Member(file, "schema") is not { ValueKind: JsonValueKind.String } schema || schema.GetString() != Schema
            || Number(file, "version", "version") != Version || Member(file, "templates") is not { ValueKind: JsonValueKind.Array } templates)
        {
            throw new RejectedException("template.file");
        }

        return templates.GetArrayLength() > MaxTemplates
            ? throw new RejectedException("template.fileLong", ("most", $"{MaxTemplates}"))
            : [.. templates.EnumerateArray().Select(ReadOne)];
    }

    /// <summary>Reads one; what is not there stays as it is now.</summary>
    /// <exception cref="RejectedException"><c>template.form</c>: a member has another form than it should.</exception>
    public static TemplateContent Read(JsonElement template, TemplateContent now) => template.ValueKind != JsonValueKind.Object
        ? throw Form("templates")
        : new TemplateContent(Text(template, "name", "name") ?? now.Name, Text(template, "text", "text") ?? now.Text)
        {
            Command = template.TryGetProperty("command", out _) ? Text(template, "command", "command") : now.Command,
            Description = Text(template, "description", "description") ?? now.Description,
            Category = Text(template, "category", "category") ?? now.Category,
            Tags = Texts(template, "tags", "tags") ?? now.Tags,
            Variables = Items(template, "variables", "variables")?.Select(Variable).ToList() ?? now.Variables,
        };

    /// <summary>How a type is written.</summary>
    public static string NameOf(VariableType type) => JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    private static ReadTemplate ReadOne(JsonElement template)
    {
        try
        {
            return new ReadTemplate(Read(template, new TemplateContent("", "")).Tidied(), Refusal: null);
        }
        catch (RejectedException rejected)
        {
            return new ReadTemplate(new TemplateContent(NameIn(template), ""), rejected);
        }
    }

    private static string NameIn(JsonElement template) =>
        template.ValueKind == JsonValueKind.Object && Member(template, "name") is { ValueKind: JsonValueKind.String } name ? name.GetString()! : "";

    private static TemplateVariable Variable(JsonElement variable)
    {
        var name = variable.ValueKind == JsonValueKind.Object && Text(variable, "name", "variables") is { } named ? named : throw Form("variables");
        return new TemplateVariable(name)
        {
            Type = Text(variable, "type", name) is { } type ? Enum.GetValues<VariableType>().Cast<VariableType?>().FirstOrDefault(known => NameOf(known!.Value) == type) ?? throw new RejectedException("template.type", ("field", name)) : VariableType.Text,
            IsRequired = Flag(variable, "required", name) ?? true,
            Default = Text(variable, "default", name) ?? "",
            Hint = Text(variable, "hint", name) ?? "",
            Minimum = Number(variable, "min", name),
            Maximum = Number(variable, "max", name),
            Choices = Texts(variable, "choices", name) ?? [],
        };
    }

    private static JsonNode Write(TemplateContent template)
    {
        var written = new JsonObject { ["name"] = template.Name };
        Add(written, "command", template.Command);
        Add(written, "description", template.Description);
        Add(written, "category", template.Category);
        if (template.Tags.Count > 0)
        {
            written["tags"] = new JsonArray([.. template.Tags.Select(tag => JsonValue.Create(tag))]);
        }

        written["text"] = template.Text;
        if (template.Variables.Count > 0)
        {
            written["variables"] = new JsonArray([.. template.Variables.Select(Write)]);
        }

        return written;
    }

    private static JsonNode Write(TemplateVariable variable)
    {
        var written = new JsonObject { ["name"] = variable.Name, ["type"] = NameOf(variable.Type), ["required"] = variable.IsRequired };
        Add(written, "default", variable.Default);
        Add(written, "hint", variable.Hint);
        if (variable.Minimum is { } minimum)
        {
            written["min"] = minimum;
        }

        if (variable.Maximum is { } maximum)
        {
            written["max"] = maximum;
        }

        if (variable.Choices.Count > 0)
        {
            written["choices"] = new JsonArray([.. variable.Choices.Select(choice => JsonValue.Create(choice))]);
        }

        return written;
    }

    private static void Add(JsonObject written, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            written[name] = text;
        }
    }

    private static JsonElement? Member(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement item, string name, string field) => Member(item, name) is { } value ? TextOf(value, field) : null;

    private static string TextOf(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Form(field),
    };

    private static IReadOnlyList<string>? Texts(JsonElement item, string name, string field) => Items(item, name, field)?.Select(value => TextOf(value, field)).ToList();

    private static IEnumerable<JsonElement>? Items(JsonElement item, string name, string field) =>
        Member(item, name) is not { } list ? null : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw Form(field);

    private static bool? Flag(JsonElement item, string name, string field) => Member(item, name) is not { } value ? null : value switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw Form(field),
    };

    private static double? Number(JsonElement item, string name, string field) => Member(item, name) is not { } value ? null
        : value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && double.TryParse(TextOf(value, field), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw Form(field);

    private static RejectedException Form(string field) => new("template.form", ("field", field));
}

/// <summary>A template of a file.</summary>
/// <param name="Content">The template; where it could not be read, its name at most.</param>
/// <param name="Refusal">Why it could not be read; null: it could.</param>
public sealed record ReadTemplate(TemplateContent Content, RejectedException? Refusal);
