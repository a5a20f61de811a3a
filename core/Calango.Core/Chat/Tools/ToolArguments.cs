using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Core.Tools;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>What a model sends along with a call.</summary>
internal static class ToolArguments
{
    private const int MaxLength = 200_000;

    // Shown to people, and counted by the token: accents stay readable.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As JSON.</summary>
    public static string Written(FunctionCallContent call) => MessageText.Clean(JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Plain));

    /// <summary>What is wrong with them, in words for the model; null: nothing.</summary>
    public static string? MistakeIn(FunctionCallContent call, string arguments, CatalogTool tool)
    {
        if (call.Exception is not null)
        {
            return "the arguments are not a JSON object";
        }

        if (arguments.Length > MaxLength)
        {
            return "the arguments are too long";
        }

        using var document = JsonDocument.Parse(arguments);
        return JsonSchema.Mistake(tool.Info.Schema, document.RootElement);
    }

    /// <summary>A stored call as it is sent again.</summary>
    public static FunctionCallContent CallOf(ToolUse use)
    {
        using var document = JsonDocument.Parse(use.Arguments);
        return new FunctionCallContent(ToolUses.IdOf(use), use.Name, document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value.Clone()));
    }
}
