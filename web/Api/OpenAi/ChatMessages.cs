using System.Text.Json;
using Calango.Core.Errors;
using Microsoft.Extensions.AI;

namespace Calango.Web.Api.OpenAi;

/// <summary>The messages of a request, as OpenAI writes them.</summary>
internal static class ChatMessages
{
    private const int MaxIdLength = 200;

    /// <exception cref="RejectedException">There is none, or one cannot be understood.</exception>
    public static IReadOnlyList<ChatMessage> Parse(JsonInput messages) =>
        messages.Items() is { Count: > 0 } items ? [.. items.Select(ParseOne)] : throw new RejectedException("api.empty", ("param", messages.Path));

    private static ChatMessage ParseOne(JsonInput message)
    {
        var role = message.Needed("role");
        return role.Text() switch
        {
            "system" or "developer" => new ChatMessage(ChatRole.System, Parts(message.Needed("content"))),
            "user" => new ChatMessage(ChatRole.User, Parts(message.Needed("content"))),
            "assistant" => new ChatMessage(ChatRole.Assistant, [.. message["content"] is { } content ? Parts(content) : [], .. Calls(message)]),
            "tool" => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.Needed("tool_call_id").Text(MaxIdLength), string.Concat(Parts(message.Needed("content")).OfType<TextContent>()))]),
            _ => throw role.NotSupported(),
        };
    }

    private static List<AIContent> Parts(JsonInput content) => content.IsText ? [new TextContent(content.Text())] : [.. content.Items().Select(Part)];

    private static AIContent Part(JsonInput part)
    {
        var type = part.Needed("type");
        return type.Text() switch
        {
            "text" => new TextContent(part.Needed("text").Text()),
            "image_url" => Image(part.Needed("image_url").Needed("url")),
            _ => throw type.NotSupported(),
        };
    }

    // An address would have somebody else's machine ask for it, from within whatever network that stands in.
    private static DataContent Image(JsonInput url)
    {
        try
        {
            return url.Text() is var text && text.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? new DataContent(text) : throw url.NotSupported();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw url.NotSupported();
        }
    }

    private static IEnumerable<AIContent> Calls(JsonInput message)
    {
        if (message["tool_calls"] is not { } calls)
        {
            yield break;
        }

        foreach (var call in calls.Items())
        {
            var function = call.Needed("function");
            yield return new FunctionCallContent(call.Needed("id").Text(MaxIdLength), function.Needed("name").Text(ChatTools.MaxNameLength), Arguments(function.Needed("arguments")));
        }
    }

    private static Dictionary<string, object?> Arguments(JsonInput arguments)
    {
        try
        {
            return arguments.Text() is { Length: > 0 } text ? JsonSerializer.Deserialize<Dictionary<string, object?>>(text) ?? [] : [];
        }
        catch (JsonException)
        {
            throw new RejectedException("api.type", ("param", arguments.Path), ("type", "object"));
        }
    }
}
