using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Core.Exchange;

/// <summary>What Open WebUI exports: a list of rows, each with its chat in it. The messages are a map, and say which follows which.</summary>
internal sealed partial class OpenWebUiReader : IChatReader
{
    // What opens and never closes is looked through again from each opening on.
    private const int LongestMatch = 2_000;

    public string Source => "openwebui";

    public bool Reads(JsonElement item) => ChatOf(item).Member("history", "messages") is { ValueKind: JsonValueKind.Object };

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        var inner = ChatOf(item);
        var messages = inner.Member("history", "messages")!.Value.EnumerateObject().Select(message => MessageOf(message.Name, message.Value, losses)).ToList();
        var model = inner.Items("models").Select(name => name.TextOf()).FirstOrDefault(name => !string.IsNullOrEmpty(name));
        var chat = new ForeignChat(item.Key("id") ?? inner.Key("id") ?? messages.FirstOrDefault()?.Key ?? throw new JsonException(), item.Text("title") ?? inner.Text("title"), messages)
        {
            CreatedAt = item.Time("created_at") ?? inner.Time("timestamp"),
            ActiveAt = item.Time("updated_at"),
            Model = model,
            SystemPrompt = inner.Text("system") ?? inner.Member("params")?.Text("system"),
            Temperature = inner.Member("params")?.Number("temperature"),
            CurrentKey = inner.Member("history")?.Text("currentId"),
        };
        return ForeignTree.Of(accountId, Source, chat, losses) is { } file ? [file] : [];
    }

    // Its earliest exports have no row around it.
    private static JsonElement ChatOf(JsonElement item) => item.Member("chat") is { ValueKind: JsonValueKind.Object } chat ? chat : item;

    private static ForeignMessage MessageOf(string key, JsonElement message, ImportLosses losses)
    {
        var role = message.Text("role") switch { "user" => ForeignRole.Person, "assistant" or "tool" => ForeignRole.Model, _ => ForeignRole.Hidden };
        if (role == ForeignRole.Hidden && message.Text("role") != "system")
        {
            losses.Note("unknownMessage");
        }

        var parts = PartsOf(message, losses).ToList();
        return new ForeignMessage(key, message.Text("parentId"), role, parts)
        {
            At = message.Time("timestamp"),
            Model = message.Text("modelName") ?? message.Text("model"),
            IsCut = message.Member("done") is { ValueKind: JsonValueKind.False },
            InputTokens = message.Member("usage")?.Count("prompt_tokens"),
            OutputTokens = message.Member("usage")?.Count("completion_tokens"),
        };
    }

    private static IEnumerable<ForeignPart> PartsOf(JsonElement message, ImportLosses losses)
    {
        var text = message.Text("content") ?? string.Join("\n\n", message.Items("content").Select(part => part.Text("text")).OfType<string>());
        if (message.Text("reasoning_content") is { Length: > 0 } reasoning)
        {
            yield return new ForeignPart.Thought(reasoning);
        }

        foreach (Match thought in Reasoning().Matches(text))
        {
            yield return new ForeignPart.Thought(Quote().Replace(thought.Groups[1].Value, ""));
        }

        yield return new ForeignPart.Said(ToolCalls().Replace(Reasoning().Replace(text, ""), ""));
        if (message.Member("error") is { ValueKind: JsonValueKind.Object } error && error.Text("content") is { Length: > 0 } wrong)
        {
            yield return new ForeignPart.Said($"> {wrong.Replace("\n", "\n> ", StringComparison.Ordinal)}");
        }

        foreach (var file in message.Items("files"))
        {
            losses.Note(file.Text("type") == "image" ? "image" : "file");
            yield return new ForeignPart.Said(file.Text("type") == "image" ? "🖼" : $"📎 {file.Text("name") ?? file.Member("file")?.Text("filename")}".Trim());
        }
    }

    [GeneratedRegex("""<details type="reasoning"[^>]{0,200}>\s*(?:<summary>[^<]{0,200}</summary>)?(.*?)</details>\s*""", RegexOptions.Singleline, LongestMatch)]
    private static partial Regex Reasoning();

    [GeneratedRegex("""<details type="tool_calls"[^>]{0,100000}>.*?</details>\s*""", RegexOptions.Singleline, LongestMatch)]
    private static partial Regex ToolCalls();

    [GeneratedRegex("^> ?", RegexOptions.Multiline)]
    private static partial Regex Quote();
}
