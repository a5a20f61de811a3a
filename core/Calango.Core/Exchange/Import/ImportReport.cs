using System.Text.Json;
using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>What is in a file, and what becomes of it.</summary>
public sealed record ImportReport
{
    private const int MostModels = 30;

    /// <summary>The programs that have written it, each with how many chats.</summary>
    public SortedDictionary<string, int> Sources { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The models that answer in it, each with how many answers; of very many, the first.</summary>
    public SortedDictionary<string, int> Models { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What becomes of its chats.</summary>
    public Dictionary<ChatOutcome, int> Outcomes { get; init; } = [];

    /// <summary>What does not come along.</summary>
    public ImportLosses Losses { get; init; } = [];

    /// <summary>How many messages it has.</summary>
    public int Messages { get; set; }

    /// <summary>How many of them are another way to go on than the one before.</summary>
    public int Branches { get; set; }

    /// <summary>How many documents.</summary>
    public int Files { get; set; }

    /// <summary>The first time in it.</summary>
    public DateTimeOffset? From { get; set; }

    /// <summary>The last.</summary>
    public DateTimeOffset? To { get; set; }

    /// <summary>How many chats it has.</summary>
    public int Chats => Sources.Values.Sum();

    /// <summary>How many chats become this.</summary>
    public int Count(ChatOutcome outcome) => Outcomes.GetValueOrDefault(outcome);

    /// <summary>Counts a chat.</summary>
    internal void Note(ReadChat chat, ChatOutcome outcome)
    {
        var messages = chat.File.Messages;
        Sources[chat.Source] = Sources.GetValueOrDefault(chat.Source) + 1;
        Outcomes[outcome] = Count(outcome) + 1;
        Messages += messages.Count;
        Branches += messages.Count - messages.DistinctBy(message => message.ParentId ?? Guid.Empty).Count();
        Files += chat.File.Chat.Files?.Documents.Count ?? 0;
        From = chat.File.Chat.CreatedAt < From || From is null ? chat.File.Chat.CreatedAt : From;
        To = chat.File.Chat.ActiveAt > To || To is null ? chat.File.Chat.ActiveAt : To;
        foreach (var model in messages.Where(message => message.Role == MessageRole.Assistant).Select(message => message.Turn?.Model).OfType<string>().Where(model => model.Length > 0))
        {
            if (Models.Count < MostModels || Models.ContainsKey(model))
            {
                Models[model] = Models.GetValueOrDefault(model) + 1;
            }
        }
    }

    /// <summary>This one, with one more chat.</summary>
    internal ImportReport With(ReadChat chat, ChatOutcome outcome)
    {
        var copy = Read(Write());
        copy.Note(chat, outcome);
        return copy;
    }

    internal string Write() => JsonSerializer.Serialize(this, ChatFile.Json);

    internal static ImportReport Read(string json) => JsonSerializer.Deserialize<ImportReport>(json, ChatFile.Json)!;
}
