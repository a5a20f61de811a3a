using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>A message of a prompt as it was sent.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Text">The text; of a tool, what it said.</param>
public sealed record TracedMessage(string Role, string Text)
{
    /// <summary>The calls of tools in it; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TracedCall>? Calls { get; init; }

    /// <summary>The call to which a tool answers; null: it is no tool's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallId { get; init; }

    /// <summary>The pictures in it; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TracedPicture>? Pictures { get; init; }

    internal static IEnumerable<TracedMessage> Of(ChatMessage message) => message.Role == ChatRole.Tool
        ? message.Contents.OfType<FunctionResultContent>().Select(result => new TracedMessage(message.Role.Value, result.Result as string ?? "") { CallId = result.CallId })
        : [new TracedMessage(message.Role.Value, message.Text) { Calls = CallsOf(message), Pictures = TracedPicture.Of(message) }];

    internal ChatMessage ToMessage(IReadOnlyDictionary<Guid, AIContent> pictures)
    {
        var role = new ChatRole(Role);
        if (CallId is { } call)
        {
            return new ChatMessage(role, [new FunctionResultContent(call, Text)]);
        }

        var sent = new ChatMessage(role, Text.Length > 0 || (Calls is null && Pictures is null) ? [new TextContent(Text)] : []);
        foreach (var picture in Pictures ?? [])
        {
            sent.Contents.Add(pictures.GetValueOrDefault(picture.Id) ?? PromptPictures.Unsent(picture.Name));
        }

        foreach (var (id, name, arguments) in Calls ?? [])
        {
            sent.Contents.Add(new FunctionCallContent(id, name, arguments.EnumerateObject().ToDictionary(property => property.Name, property => (object?)property.Value)));
        }

        return sent;
    }

    private static List<TracedCall>? CallsOf(ChatMessage message) =>
        message.Contents.OfType<FunctionCallContent>().Select(call => new TracedCall(call.CallId, call.Name, JsonElement.Parse(ToolArguments.Written(call)))).ToList() is { Count: > 0 } calls ? calls : null;
}

/// <summary>A call of a tool as it was sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">What was sent along.</param>
public sealed record TracedCall(string Id, string Name, JsonElement Arguments);

/// <summary>A picture as it was sent, without its bytes.</summary>
/// <param name="Id">The picture.</param>
/// <param name="Name">As its file was called.</param>
/// <param name="ContentType">Its form.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record TracedPicture(Guid Id, string Name, string ContentType, int Length, int Width, int Height)
{
    internal static List<TracedPicture>? Of(ChatMessage message) =>
        message.Contents.Select(content => content.RawRepresentation).OfType<ChatPicture>()
            .Select(picture => new TracedPicture(picture.Id, picture.Name, picture.ContentType, picture.Length, picture.Width, picture.Height)).ToList() is { Count: > 0 } pictures ? pictures : null;
}

/// <summary>A tool as a model was told of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">The schema of its arguments.</param>
/// <param name="Key">Which tool it is, here.</param>
public sealed record TracedTool(string Name, string Description, JsonElement Schema, string Key);
