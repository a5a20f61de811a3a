using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>
/// One model as an <see cref="IChatClient"/>. The SDK builds and sends the request; the answer's events are read here,
/// because the SDK's own reader drops reasoning, throws at a finish reason that it doesn't know, and takes another
/// protocol's events for an empty answer.
/// </summary>
internal sealed class OpenAiChatClient(Service service, string modelId, HttpClient http) : IChatClient
{
    private readonly ChatClient _client = service.ChatClient(modelId, http);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Leaving this method early disposes the response, which closes the socket: a stopped model stops at once.
        using var response = await SendAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var answer = new StreamedAnswer(service.ApiKey);
        await using var events = SseParser.Create(response.ContentStream!, answer.Read).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(events, answer, cancellationToken).ConfigureAwait(false))
        {
            if (answer.UpdateFor(events.Current.Data) is { } update)
            {
                yield return update;
            }
        }

        if (answer.LastUpdate() is { } last)
        {
            yield return last;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai-compatible", service.Address, modelId)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private async Task<PipelineResponse> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            var pages = _client.CompleteChatStreamingAsync(ToOpenAi.Messages(messages, options), ToOpenAi.Options(options, service), cancellationToken);
            await using var page = pages.GetRawPagesAsync().GetAsyncEnumerator(cancellationToken);
            await page.MoveNextAsync().ConfigureAwait(false);
            var response = page.Current.GetRawResponse();
            await Failures.ThrowUnlessEventStreamAsync(response, service.ApiKey, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, service.ApiKey, cancellationToken);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<SseItem<Chunk>> events, StreamedAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return !answer.IsDone && await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var failure = Failures.From(exception, service.ApiKey, cancellationToken);
            if (answer.IsFinished && failure is ProviderException { Kind: ProviderErrorKind.ConnectionLost })
            {
                // The answer is whole; only the usage that would have followed is lost.
                return false;
            }

            throw failure;
        }
    }
}
