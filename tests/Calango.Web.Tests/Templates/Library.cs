using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Templates;

/// <summary>What people do with templates.</summary>
internal static class Library
{
    /// <summary>Writes one, and returns its path.</summary>
    public static async Task<string> WriteTemplateAsync(this Visitor visitor, string name, string text, CancellationToken cancellationToken, params (string Name, string Value)[] more)
    {
        await visitor.GetAsync("/templates/new", cancellationToken);
        await visitor.PostAsync("/templates/new", cancellationToken, [("Name", name), ("Text", text), .. more]);
        return visitor.Path;
    }

    /// <summary>The fields of a variable's description.</summary>
    public static (string Name, string Value)[] Variable(string name, string type, bool isRequired = true, params (string Part, string Value)[] more) =>
    [
        ($"Variables[{name}].Type", type),
        .. isRequired ? [($"Variables[{name}].IsRequired", "true")] : Array.Empty<(string, string)>(),
        .. more.Select(field => ($"Variables[{name}].{field.Part}", field.Value)),
    ];

    /// <summary>The names of a list, as it is shown.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(this Visitor visitor, string query, CancellationToken cancellationToken) =>
        [.. (await visitor.GetAsync($"/templates{query}", cancellationToken)).QuerySelectorAll("#templates li .row__name > span:first-child > a").Select(link => link.TextContent)];

    /// <summary>Saves one again.</summary>
    public static async Task<HttpResponseMessage> TrySaveAsync(this Visitor visitor, string template, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        // Whoever may only read it has no form.
        var seen = (await visitor.GetAsync(template, cancellationToken)).QuerySelector("input[name=Seen]")?.GetAttribute("value") ?? "1";
        return await visitor.TryPostAsync(template, new FormUrlEncodedContent([KeyValuePair.Create("Seen", seen), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]), cancellationToken);
    }
}
