using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>What LibreChat exports: one chat, whose messages are a list that says which follows which, or a tree of them.</summary>
internal sealed class LibreChatReader : IChatReader
{
    // What the first message follows.
    private const string Nothing = "00000000-0000-0000-0000-000000000000";

    public string Source => "librechat";

    public bool Reads(JsonElement item) => item.Text("conversationId") is not null && (item.HasItems("messages") || item.HasItems("messagesTree"));

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        var messages = new List<ForeignMessage>();
        var open = new Stack<(JsonElement Message, string? Parent)>(item.Items("messages").Concat(item.Items("messagesTree")).Reverse().Select(message => (message, (string?)null)));
        var isList = !item.Says("recursive") && !item.HasItems("messagesTree");
        while (open.TryPop(out var next))
        {
            var key = next.Message.Key("messageId") ?? $"{messages.Count}";
            var parent = next.Parent ?? next.Message.Key("parentMessageId") ?? (isList && messages.Count > 0 ? messages[^1].Key : null);
            messages.Add(MessageOf(next.Message, key, parent == Nothing ? null : parent, losses));
            foreach (var child in next.Message.Items("children").Reverse())
            {
                open.Push((child, key));
            }
        }

        var options = item.Member("options") ?? item;
        var chat = new ForeignChat(item.Key("conversationId")!, item.Text("title"), messages)
        {
            CreatedAt = item.Time("createdAt"),
            ActiveAt = item.Time("updatedAt"),
            Model = options.Text("model") ?? item.Text("endpoint"),
            SystemPrompt = options.Text("promptPrefix") ?? options.Text("system") ?? options.Text("instructions"),
            Temperature = options.Number("temperature"),
        };
        return ForeignTree.Of(accountId, Source, chat, losses) is { } file ? [file] : [];
    }

    private static ForeignMessage MessageOf(JsonElement message, string key, string? parent, ImportLosses losses)
    {
        var isPersons = message.Says("isCreatedByUser") || (message.Member("isCreatedByUser") is null && message.Text("sender") is "User" or "user");
        return new ForeignMessage(key, parent, isPersons ? ForeignRole.Person : ForeignRole.Model, [.. PartsOf(message, losses)])
        {
            At = message.Time("createdAt"),
            Model = isPersons ? null : message.Text("model"),
            IsCut = message.Says("unfinished"),
        };
    }

    private static IEnumerable<ForeignPart> PartsOf(JsonElement message, ImportLosses losses)
    {
        var parts = message.Items("content").SelectMany(part => PartOf(part, losses)).ToList();
        if (parts.Count == 0)
        {
            parts.Add(new ForeignPart.Said(message.Text("text") ?? ""));
        }

        foreach (var file in message.Items("files"))
        {
            var isImage = file.Text("type")?.StartsWith("image/", StringComparison.Ordinal) is true;
            losses.Note(isImage ? "image" : "file");
            parts.Add(new ForeignPart.Said(isImage ? "🖼" : $"📎 {file.Text("filename")}".Trim()));
        }

        return parts;
    }

    private static IEnumerable<ForeignPart> PartOf(JsonElement part, ImportLosses losses)
    {
        switch (part.Text("type"))
        {
            case "text":
                return [new ForeignPart.Said(part.Text("text") ?? part.Member("text")?.Text("value") ?? "")];
            case "think":
                return [new ForeignPart.Thought(part.Text("think") ?? part.Member("think")?.Text("value") ?? "")];
            case "error":
                return [new ForeignPart.Said(part.Text("error") ?? part.Text("text") ?? "")];
            case "tool_call" when part.Member("tool_call") is { } call:
                var (name, id) = (call.Text("name") ?? "tool", call.Text("id"));
                ForeignPart called = new ForeignPart.Call(name, call.Text("args") is { Length: > 0 } arguments ? arguments : call.Member("args")?.GetRawText() ?? "{}", id);
                return call.Text("output") is { } output ? [called, new ForeignPart.Result(name, output, id)] : [called];
            case "image_file" or "image_url":
                losses.Note("image");
                return [new ForeignPart.Said("🖼")];
            default:
                losses.Note("unknownPart");
                return part.Text("text") is { } text ? [new ForeignPart.Said(text)] : [];
        }
    }
}
