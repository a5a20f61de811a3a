using System.Collections.Concurrent;

namespace Calango.Faults.Tests;

/// <summary>What clients were told, and so what must be true. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<SentMessage> _messages = new();
    private readonly ConcurrentQueue<SavedPrompt> _prompts = new();
    private readonly ConcurrentQueue<PageReader> _readers = new();

    /// <summary>Messages that the server took.</summary>
    public IReadOnlyCollection<SentMessage> Messages => _messages;

    /// <summary>System prompts that the server took, oldest first.</summary>
    public IReadOnlyCollection<SavedPrompt> Prompts => _prompts;

    /// <summary>Pages that followed an answer.</summary>
    public IReadOnlyCollection<PageReader> Readers => _readers;

    public void Add(SentMessage message) => _messages.Enqueue(message);

    public void Add(SavedPrompt prompt) => _prompts.Enqueue(prompt);

    public void Add(PageReader reader) => _readers.Enqueue(reader);

    /// <summary>The server is killed now: what readers have by now is what must be stored, but for the last second.</summary>
    public void ServerDies()
    {
        foreach (var reader in _readers.Where(reader => !reader.HasEnded))
        {
            reader.ServerDies();
        }
    }
}

/// <summary>A message that was answered 2xx.</summary>
internal sealed record SentMessage(Guid ClientMessageId, Guid ConversationId, string Text);

/// <summary>A setting whose change was answered 2xx.</summary>
internal sealed record SavedPrompt(Guid ConversationId, string Text);
