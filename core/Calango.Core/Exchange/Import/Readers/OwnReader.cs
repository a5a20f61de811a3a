using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>Chats that a Calango has written down, as <see cref="ChatFile"/> says.</summary>
internal sealed class OwnReader : IChatReader
{
    public string Source => "calango";

    public bool Reads(JsonElement item) => item.Text("schema") == ChatFile.Schema;

    public IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses)
    {
        if (item.Member("version") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out var number) || number != ChatFile.Version)
        {
            losses.Note("version");
            return [];
        }

        var file = item.Deserialize<Written>(ChatFile.Json) ?? throw new JsonException();
        if (file.Chat.DeletedAt is not null)
        {
            losses.Note("deleted");
            return [];
        }

        return HasHoles(file) ? throw new JsonException() : [new ChatFile(file.Chat, file.Messages)];
    }

    // An element may be null where it should not: the serializer minds only members.
    private static bool HasHoles(Written file) =>
        file.Messages.Contains(null!) || file.Chat.Tools.Contains(null!) || file.Chat.Files?.Documents.Contains(null!) is true
        || file.Messages.Any(message => message.ToolUses?.Contains(null!) is true || message.Sources?.Contains(null!) is true
            || (message.Trace is { } trace && (trace.Prompt.Contains(null!) || trace.Attempts.Contains(null!) || trace.Prompt.Any(sent => sent.Calls?.Contains(null!) is true))));

    private sealed record Written(ExchangedChat Chat, IReadOnlyList<ExchangedMessage> Messages);
}
