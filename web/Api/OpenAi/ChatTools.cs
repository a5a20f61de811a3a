using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Calango.Web.Api.OpenAi;

/// <summary>The tools that a program offers a model. The program runs them itself.</summary>
internal static class ChatTools
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static List<AITool>? Parse(JsonInput? tools) => tools?.Items().Select(ParseOne).ToList();

    public static ChatToolMode? ParseChoice(JsonInput? choice)
    {
        if (choice is not { } given)
        {
            return null;
        }

        return !given.IsText ? ChatToolMode.RequireSpecific(given.Needed("function").Needed("name").Text(MaxNameLength)) : given.Text() switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "required" => ChatToolMode.RequireAny,
            _ => throw given.NotSupported(),
        };
    }

    private static AITool ParseOne(JsonInput tool)
    {
        var type = tool.Needed("type");
        if (type.Text() != "function")
        {
            throw type.NotSupported();
        }

        var function = tool.Needed("function");
        return AIFunctionFactory.CreateDeclaration(function.Needed("name").Text(MaxNameLength), function["description"]?.Text(), function["parameters"]?.Object() ?? NoParameters);
    }
}
