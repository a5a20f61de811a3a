using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>What chatbot-ui exports: since its second version an object with all chats in it, before that a list of them. It knows no times and no branches.</summary>
internal sealed class ChatbotUiReader : IChatReader
{
    public string Source => "chatbotui";

    public bool Reads(JsonElement item) => item.HasItems("history") || (item.HasItems("messages") && item.Member("id") is not null && item.Items("messages").All(message => message.Text("role") is not null));

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        losses.Note("folder", item.Items("folders").Count());
        losses.Note("prompt", item.Items("prompts").Count());
        var files = new List<ChatFile>();
        foreach (var chat in item.HasItems("history") ? item.Items("history") : [item])
        {
            if (chat.Key("id") is not { } key)
            {
                losses.Note("unreadable");
            }
            else if (ForeignTree.Of(accountId, Source, ChatOf(key, chat, losses), losses) is { } file)
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static ForeignChat ChatOf(string key, JsonElement chat, ImportLosses losses)
    {
        var messages = new List<ForeignMessage>();
        foreach (var message in chat.Items("messages"))
        {
            var role = message.Text("role") switch { "user" => ForeignRole.Person, "assistant" => ForeignRole.Model, _ => ForeignRole.Hidden };
            if (role == ForeignRole.Hidden && message.Text("role") != "system")
            {
                losses.Note("unknownMessage");
            }

            messages.Add(new ForeignMessage($"{messages.Count}", messages.Count > 0 ? messages[^1].Key : null, role, [new ForeignPart.Said(message.Text("content") ?? "")]));
        }

        return new ForeignChat(key, chat.Text("name"), messages)
        {
            Model = chat.Member("model")?.Text("name") ?? chat.Member("model")?.Text("id") ?? chat.Text("model"),
            SystemPrompt = chat.Text("prompt"),
            Temperature = chat.Number("temperature"),
        };
    }
}
