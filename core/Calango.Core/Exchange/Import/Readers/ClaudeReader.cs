using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>What Claude exports: a list of chats with their messages. Later exports say which message follows which; in earlier ones each follows the one before.</summary>
internal sealed class ClaudeReader : IChatReader
{
    public string Source => "claude";

    public bool Reads(JsonElement item) => item.HasItems("chat_messages");

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        var (messages, keys) = (new List<ForeignMessage>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var message in item.Items("chat_messages"))
        {
            messages.Add(MessageOf(message, messages, keys, losses));
            keys.Add(messages[^1].Key);
        }

        var chat = new ForeignChat(item.Key("uuid") ?? throw new JsonException(), item.Text("name"), messages)
        {
            CreatedAt = item.Time("created_at"),
            ActiveAt = item.Time("updated_at"),
            Model = item.Text("model") is { Length: > 0 } model ? model : "Claude",
            CurrentKey = item.Text("current_leaf_message_uuid"),
        };
        return ForeignTree.Of(accountId, Source, chat, losses) is { } file ? [file] : [];
    }

    private static ForeignMessage MessageOf(JsonElement message, List<ForeignMessage> before, HashSet<string> keys, ImportLosses losses)
    {
        var key = message.Key("uuid") ?? $"{before.Count}";
        // The first one follows a message that is nowhere.
        var parent = message.Text("parent_message_uuid") is { } named
            ? keys.Contains(named) ? named : null
            : before.Count > 0 ? before[^1].Key : null;
        var role = message.Text("sender") switch { "human" or "user" => ForeignRole.Person, "assistant" => ForeignRole.Model, _ => ForeignRole.Hidden };
        if (role == ForeignRole.Hidden)
        {
            losses.Note("unknownMessage");
        }

        return new ForeignMessage(key, parent, role, [.. PartsOf(message, losses)]) { At = message.Time("created_at") };
    }

    private static List<ForeignPart> PartsOf(JsonElement message, ImportLosses losses)
    {
        var parts = message.Items("content").SelectMany(part => PartOf(part, losses)).ToList();
        if (!parts.Exists(part => part is ForeignPart.Said { Text.Length: > 0 }) && message.Text("text") is { Length: > 0 } text)
        {
            parts.Add(new ForeignPart.Said(text));
        }

        foreach (var attachment in message.Items("attachments"))
        {
            parts.Add(new ForeignPart.Said(AttachmentOf(attachment)));
        }

        foreach (var file in message.Items("files").Concat(message.Items("files_v2")).Select(file => file.Text("file_name")).OfType<string>().Distinct())
        {
            losses.Note("file");
            parts.Add(new ForeignPart.Said($"📎 {file}"));
        }

        return parts;
    }

    // Its text was read by the model as a part of the question.
    private static string AttachmentOf(JsonElement attachment)
    {
        var text = attachment.Text("extracted_content") ?? "";
        var fence = text.Contains("```", StringComparison.Ordinal) ? "``````" : "```";
        return $"📎 {attachment.Text("file_name")}{(text.Length > 0 ? $"\n\n{fence}\n{text}\n{fence}" : "")}";
    }

    private static IEnumerable<ForeignPart> PartOf(JsonElement part, ImportLosses losses)
    {
        switch (part.Text("type"))
        {
            case "text" or "voice_note":
                return [new ForeignPart.Said(part.Text("text") ?? "")];
            case "thinking":
                return [new ForeignPart.Thought(part.Text("thinking") ?? "")];
            case "redacted_thinking" or "token_budget" or "flag":
                return [];
            case "tool_use":
                return [new ForeignPart.Call(part.Text("name") ?? "tool", part.Member("input")?.GetRawText() ?? "{}", part.Text("id"))];
            case "tool_result":
                return [new ForeignPart.Result(part.Text("name") ?? "tool", ResultOf(part), part.Text("tool_use_id"), part.Says("is_error"))];
            case "image":
                losses.Note("image");
                return [new ForeignPart.Said("🖼")];
            default:
                losses.Note("unknownPart");
                return part.Text("text") is { } text ? [new ForeignPart.Said(text)] : [];
        }
    }

    private static string ResultOf(JsonElement part) =>
        part.Text("content") ?? string.Join("\n\n", part.Items("content").Select(item => item.Text("text") ?? item.Text("title") ?? "").Where(text => text.Length > 0));
}
