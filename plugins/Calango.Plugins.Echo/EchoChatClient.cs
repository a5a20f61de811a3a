using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Echo;

/// <summary>
/// Streams the last user message back, word by word. Its first word can ask for something else, so that a test can see
/// each thing that a model does: <c>/think</c> says the words as reasoning first, <c>/tool name</c> calls a tool,
/// <c>/fail Kind</c> fails, <c>/limit</c> and <c>/refuse</c> end for those reasons, <c>/cut</c> ends without a reason,
/// <c>/wait</c> never ends.
/// </summary>
internal sealed class EchoChatClient(string modelId, EchoSettings settings) : IChatClient
{
    // One path for both: the whole answer is the streamed one, put together.
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (command, text) = Parse(messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "");
        if (command == "/fail")
        {
            throw new ProviderException(Enum.Parse<ProviderErrorKind>(text), "Failed as asked.");
        }

        if (command == "/tool" && options?.Tools?.Any(tool => tool.Name == text) == true)
        {
            yield return Update(new FunctionCallContent("call_1", text, new Dictionary<string, object?>(StringComparer.Ordinal)), ChatFinishReason.ToolCalls);
            yield break;
        }

        var words = WordsOf(text);
        if (command == "/think")
        {
            foreach (var word in words)
            {
                await PaceAsync(cancellationToken).ConfigureAwait(false);
                yield return Update(new TextReasoningContent(word));
            }
        }

        foreach (var word in words)
        {
            await PaceAsync(cancellationToken).ConfigureAwait(false);
            yield return Update(new TextContent(word));
        }

        if (command == "/wait")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }

        // The host takes a stream without a finish reason for one that was cut: always give it with the last update.
        if (command != "/cut")
        {
            var usage = new UsageDetails { InputTokenCount = words.Length, OutputTokenCount = words.Length, TotalTokenCount = 2 * words.Length };
            yield return Update(new UsageContent(usage), command switch
            {
                "/limit" => ChatFinishReason.Length,
                "/refuse" => ChatFinishReason.ContentFilter,
                _ => ChatFinishReason.Stop,
            });
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static (string Command, string Text) Parse(string message) =>
        message.StartsWith('/') && message.Split(' ', 2) is [var command, var text] ? (command, text) : ("", message);

    // Each word keeps the space before it, so that the words make the text again.
    private static string[] WordsOf(string text) => [.. text.Split(' ').Select((word, place) => place == 0 ? word : $" {word}")];

    // Forwarding the token is what makes Stop work while the answer is awaited.
    private Task PaceAsync(CancellationToken cancellationToken) => Task.Delay(settings.Pace, cancellationToken);

    private ChatResponseUpdate Update(AIContent content, ChatFinishReason? finishReason = null) =>
        new(ChatRole.Assistant, [content]) { ModelId = modelId, FinishReason = finishReason };
}
