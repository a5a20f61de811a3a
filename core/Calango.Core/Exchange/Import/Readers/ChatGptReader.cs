using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>
/// What ChatGPT exports: a list of chats, in one file or, since 2026, in several (<c>conversations-000.json</c>, …). A chat is a map of nodes. Between question
/// and answer stand what the model thought, the calls of its tools and what these said.
/// </summary>
internal sealed class ChatGptReader : IChatReader
{
    public string Source => "chatgpt";

    public bool Reads(JsonElement item) => item.HasObject("mapping");

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        var mapping = item.Member("mapping")!.Value;
        var messages = mapping.EnumerateObject().Select(node => MessageOf(node.Name, node.Value, losses)).ToList();
        var title = item.Text("title");
        var chat = new ForeignChat(item.Key("conversation_id") ?? item.Key("id") ?? (messages.Count > 0 ? messages[0].Key : throw new JsonException()), title, messages)
        {
            CreatedAt = item.Time("create_time"),
            ActiveAt = item.Time("update_time"),
            Model = item.Text("default_model_slug"),
            CurrentKey = item.Text("current_node"),
        };
        return ForeignTree.Of(accountId, Source, chat, losses) is { } file ? [file] : [];
    }

    private static ForeignMessage MessageOf(string key, JsonElement node, ImportLosses losses)
    {
        var parent = node.Text("parent");
        if (node.Member("message") is not { ValueKind: JsonValueKind.Object } message)
        {
            return new ForeignMessage(key, parent, ForeignRole.Hidden, []);
        }

        var role = message.Member("author")?.Text("role");
        var isHidden = message.Member("metadata") is { } metadata && metadata.Says("is_visually_hidden_from_conversation");
        var content = message.Member("content") ?? default;
        if (isHidden || role is null or "system" || content.Text("content_type") is "user_editable_context" or "model_editable_context")
        {
            return new ForeignMessage(key, parent, ForeignRole.Hidden, []);
        }

        if (role is not ("user" or "assistant" or "tool"))
        {
            losses.Note("unknownMessage");
            return new ForeignMessage(key, parent, ForeignRole.Hidden, []);
        }

        return new ForeignMessage(key, parent, role == "user" ? ForeignRole.Person : ForeignRole.Model, [.. PartsOf(message, role, content, losses)])
        {
            At = message.Time("create_time"),
            Model = message.Member("metadata")?.Text("model_slug"),
            IsCut = message.Text("status") == "in_progress",
        };
    }

    private static IEnumerable<ForeignPart> PartsOf(JsonElement message, string role, JsonElement content, ImportLosses losses)
    {
        var texts = ChatGptContent.TextOf(message, content, losses);
        if (role == "tool")
        {
            var tool = message.Member("author")?.Text("name") ?? "tool";
            return texts.Length > 0 ? [new ForeignPart.Result(tool, texts, Key: null)] : [];
        }

        if (role == "assistant" && message.Text("recipient") is { } recipient && recipient != "all")
        {
            return [new ForeignPart.Call(recipient, texts.Length > 0 ? texts : "{}", Key: null)];
        }

        return content.Text("content_type") switch
        {
            "thoughts" => content.Items("thoughts").Select(thought => new ForeignPart.Thought($"{(thought.Text("summary") is { Length: > 0 } summary ? $"**{summary}**\n\n" : "")}{thought.Text("content")}")),
            "reasoning_recap" => [],
            _ => [new ForeignPart.Said(texts)],
        };
    }
}
