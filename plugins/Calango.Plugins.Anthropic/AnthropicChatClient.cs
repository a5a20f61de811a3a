using System.Runtime.CompilerServices;
using Anthropic;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Anthropic;

/// <summary>
/// One model as an <see cref="IChatClient"/>: the SDK's own, which maps prompt, tools and answer, held to the contract.
/// It makes an empty answer out of a stream of another protocol, repeats the finish reason, and throws its own exceptions.
/// </summary>
internal sealed class AnthropicChatClient : IChatClient
{
    private readonly Service _service;
    private readonly string _modelId;
    private readonly OutputLimits _limits;
    private readonly AnthropicClient _client;
    private readonly IChatClient _chat;

    public AnthropicChatClient(Service service, string modelId, OutputLimits limits, HttpClient http)
    {
        (_service, _modelId, _limits) = (service, modelId, limits);
        _client = service.Client(http);
        _chat = _client.AsIChatClient(modelId);
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var limited = await WithLimitAsync(options, cancellationToken).ConfigureAwait(false);
        var answer = new StreamedAnswer();
        // Leaving this method early disposes the response, which closes the socket: a stopped model stops at once.
        await using var updates = _chat.GetStreamingResponseAsync(messages, limited, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(updates, answer, cancellationToken).ConfigureAwait(false))
        {
            if (answer.UpdateFor(updates.Current) is { } update)
            {
                yield return update;
            }
        }

        answer.ThrowIfNone();
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("anthropic", _service.Address, _modelId)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private async Task<ChatOptions> WithLimitAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        var limited = options?.Clone() ?? new ChatOptions();
        // A client is of one model, whatever the options name.
        limited.ModelId = _modelId;
        limited.MaxOutputTokens ??= await _limits.OfAsync(_service, _modelId, _client, cancellationToken).ConfigureAwait(false);
        return limited;
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, StreamedAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var failure = Failures.From(exception, _service.ApiKey, cancellationToken);
            if (answer.IsFinished && failure is ProviderException { Kind: ProviderErrorKind.ConnectionLost })
            {
                // The answer is whole; only the usage that would have followed is lost.
                return false;
            }

            throw failure;
        }
    }
}
