using System.Text.Json;
using Calango.Plugins.LocalModels.Worker.Llama;

namespace Calango.Plugins.LocalModels.Worker.OpenAi;

internal sealed record Problem(string Message, string Field);

// A request, checked. Fails with the field that is wrong.
internal sealed record Question(
    IReadOnlyList<(string Role, string Content)> Messages, int? MaxTokens, Sampling Sampling, IReadOnlyList<string> Stops)
{
    private const int MaxStops = 16;

    public static Question? From(ChatRequest? request, out Problem? problem)
    {
        problem = null;
        var messages = (request?.Messages ?? []).Select(message => (message.Role, Content: ContentOf(message.Content))).ToList();
        var stops = StopsOf(request?.Stop);
        var maxTokens = request?.MaxCompletionTokens ?? request?.MaxTokens;
        if (request is null || messages.Count == 0 || messages.Exists(message => RoleOf(message.Role) is null))
        {
            problem = new Problem("A list of messages, each with a role, is needed.", "messages");
        }
        else if (messages.Exists(message => message.Content is null))
        {
            problem = new Problem("This model reads text only.", "messages");
        }
        else if (stops is null)
        {
            problem = new Problem($"A text or a list of at most {MaxStops} texts is needed.", "stop");
        }
        else if (maxTokens <= 0)
        {
            problem = new Problem("At least one token is needed.", "max_tokens");
        }
        else if (!(request.Temperature is null or (>= 0 and <= 2)))
        {
            problem = new Problem("A number from 0 to 2 is needed.", "temperature");
        }
        else if (!(request.TopP is null or (> 0 and <= 1)))
        {
            problem = new Problem("A number above 0 and up to 1 is needed.", "top_p");
        }
        else if (!(request.FrequencyPenalty is null or (>= -2 and <= 2)) || !(request.PresencePenalty is null or (>= -2 and <= 2)))
        {
            problem = new Problem("A number from -2 to 2 is needed.", "frequency_penalty");
        }
        else if (request.N is not (null or 1))
        {
            problem = new Problem("One answer at a time.", "n");
        }
        else
        {
            var sampling = new Sampling(
                request.Temperature, request.TopP, request.FrequencyPenalty, request.PresencePenalty, (uint?)(request.Seed & 0x7FFF_FFFF));
            return new Question([.. messages.Select(message => (RoleOf(message.Role)!, message.Content!))], maxTokens, sampling, stops);
        }

        return null;
    }

    private static string? RoleOf(string? role) => role switch
    {
        "system" or "user" or "assistant" => role,
        "developer" => "system",
        // Templates of models without tools have no place for a result but the user's.
        "tool" => "user",
        _ => null,
    };

    private static string? ContentOf(JsonElement? content) => content switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => PartsOf(parts),
        _ => null,
    };

    private static string? PartsOf(JsonElement parts)
    {
        var texts = parts.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString() : null).ToList();
        return texts.Contains(null) ? null : string.Concat(texts);
    }

    private static List<string>? StopsOf(JsonElement? stop) => stop switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } single ? [single] : [],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= MaxStops
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(item => item.GetString()!).Where(text => text.Length > 0)],
        _ => null,
    };
}
